using System.Globalization;

namespace Stratiform.Cli.Doctor;

/// <summary>The API's port is free, or it is our own server that has it.</summary>
internal sealed class PortCheck : ICheck
{
    private const string Listening = "0A";
    private const int Default = 8080;
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    public Task<Finding> RunAsync(Machine machine, CancellationToken ct)
    {
        var remembered = Machine.ReadFile(Path.Combine(machine.RunFolder, "PORT.wanted"))?.Trim();
        var wanted = machine.WantedPort ?? remembered ?? $"{Default}";
        if (!int.TryParse(wanted, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            return Task.FromResult<Finding>(new("port", Verdict.Fail, $"PORT={wanted} is no port", "For example: make up PORT=9080"));
        return Task.FromResult<Finding>((IsTaken(machine, port), Server(machine)) switch
        {
            (false, _) => new("port", Verdict.Ok, $"{port} is free"),
            (true, { } pid) => new("port", Verdict.Ok, $"{port} is taken, and this checkout's server runs (process {pid})"),
            (true, null) => new(
                "port", Verdict.Fail, $"{port} is taken by something else", "Stop that, or choose another: make up PORT=9080"),
        });
    }

    private static bool IsTaken(Machine machine, int port)
    {
        var suffix = $":{port:X4}";
        return SocketTables
            .SelectMany(file => machine.Read(file)?.Split('\n') ?? [])
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(fields => fields.Length > 3 && fields[1].EndsWith(suffix, StringComparison.Ordinal) && fields[3] == Listening);
    }

    /// <summary>The server's process, if it lives and is one: process numbers are used again.</summary>
    private static string? Server(Machine machine) =>
        Machine.ReadFile(Path.Combine(machine.RunFolder, "server.pid"))?.Trim() is { Length: > 0 } pid
        && machine.Read($"/proc/{pid}/cmdline")?.Contains("Stratiform", StringComparison.Ordinal) == true
            ? pid
            : null;
}
