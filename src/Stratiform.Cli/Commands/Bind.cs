using System.CommandLine;

namespace Stratiform.Cli.Commands;

/// <summary>Gives a command's work the session it runs in.</summary>
internal delegate Func<ParseResult, CancellationToken, Task<int>> Bind(Func<Session, CancellationToken, Task<int>> run);
