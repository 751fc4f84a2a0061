using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>
/// A value as typed: @FILE stands for the file's text and @- for standard input, so that secrets and long texts
/// stay out of the process list; @@ begins a value that really starts with @.
/// </summary>
internal static class ParameterText
{
    public static bool IsFile(string typed) => typed.StartsWith('@') && !typed.StartsWith("@@", StringComparison.Ordinal);

    public static string Read(string typed, Surroundings here)
    {
        if (!IsFile(typed))
            return typed.StartsWith("@@", StringComparison.Ordinal) ? typed[1..] : typed;
        if (typed == "@-")
            return Console.In.ReadToEnd().TrimEnd('\n');
        var path = Path.Combine(here.Folder, typed[1..]);
        return File.Exists(path)
            ? File.ReadAllText(path).TrimEnd('\n')
            : throw new UsageMistake($"There is no file {path}.", "A value that begins with @ names a file; write @@ for a literal @.");
    }
}
