using Stratiform.Management.Database;

namespace Stratiform.Management;

/// <summary>What an operator has the server's program do instead of serving: <c>backup FILE</c>, <c>restore FILE</c>.</summary>
internal static class Maintenance
{
    /// <summary>Does it and tells the operator; null if the arguments ask for nothing of the kind.</summary>
    /// <returns>The exit code: 0, or 1 after a refusal.</returns>
    public static async Task<int?> RunAsync(string[] args, ServerOptions options, CancellationToken ct)
    {
        Func<BackupSubject, string, Task>? deed = args switch
        {
            ["backup", _] => (subject, file) => new Backup(subject, TimeProvider.System, Console.Out.WriteLine).WriteAsync(file, ct),
            ["restore", _] => (subject, file) => new Restore(subject, TimeProvider.System, Console.Out.WriteLine).ReadAsync(file, ct),
            _ => null,
        };
        if (deed is null) return null;
        try
        {
            await deed(await options.OpenForBackupAsync(ct), Path.GetFullPath(args[1]));
            return 0;
        }
        catch (OperatorException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }
    }
}
