using System.CommandLine;

namespace Stratiform.Cli.Commands;

/// <summary>
/// strat backup and strat restore: the state of the cloud in a box, by the server's own program. They need no server that
/// answers: a restore wants it stopped. Elsewhere the program is called by itself: Stratiform.Management backup FILE.
/// </summary>
internal static class BackupCommands
{
    public static Command BuildBackup(Bind bind) =>
        Build(bind, "backup", "Write the cloud's database to FILE and its keys to FILE.keys, while it works", "The file to write; it must not exist");

    public static Command BuildRestore(Bind bind) =>
        Build(bind, "restore", "Put the cloud's database back as FILE has it; the server must be down", "The file that strat backup wrote");

    private static Command Build(Bind bind, string verb, string description, string what)
    {
        var file = new Argument<string>("FILE") { Description = what };
        var command = new Command(verb, description) { file };
        command.SetAction(bind((session, _) =>
        {
            var path = Path.GetFullPath(session.Parsed.GetRequiredValue(file), session.Here.Folder);
            return Task.FromResult(BoxScript.Run(session, "maintain", [verb, path]));
        }));
        return command;
    }
}
