using System.CommandLine;

namespace Stratiform.Cli.Commands;

/// <summary>The commands strat has by itself, whatever the server offers.</summary>
internal static class Builtins
{
    public static IEnumerable<Command> All(Bind bind) =>
    [
        ApiCall.Build(bind),
        StatusCommand.Build(bind),
        DoctorCommand.Build(bind),
        AuditCommand.Build(bind),
        GuestAccess.BuildSsh(bind),
        GuestAccess.BuildConsole(bind),
        BackupCommands.BuildBackup(bind),
        BackupCommands.BuildRestore(bind),
        SyncCommand.Build(bind),
        CompletionCommand.Build(bind),
        CompletionCommand.BuildAnswer(bind),
        VersionCommand.Build(bind),
    ];
}
