using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Doctor;

/// <summary>The machine under examination: its files below a root, what the system says of it, and the tools that may be run.</summary>
internal sealed record Machine
{
    public required string Root { get; init; }

    public required bool IsRoot { get; init; }

    public required int Cores { get; init; }

    /// <summary>The checkout whose cloud is to run here: the folder that holds .run, or where one stands.</summary>
    public required string Checkout { get; init; }

    public required string? WantedPort { get; init; }

    public required Func<string, long> FreeBytes { get; init; }

    public required ITools Tools { get; init; }

    public string RunFolder => System.IO.Path.Combine(Checkout, ".run");

    public static Machine Of(Surroundings here) => new()
    {
        Root = here.Root,
        IsRoot = Environment.IsPrivilegedProcess,
        Cores = Environment.ProcessorCount,
        Checkout = Checkouts.Find(here) ?? here.Folder,
        WantedPort = here.Variable("PORT"),
        FreeBytes = folder => new DriveInfo(folder).AvailableFreeSpace,
        Tools = new Tools(),
    };

    public string Path(string absolute) => System.IO.Path.Combine(Root, absolute.TrimStart('/'));

    /// <summary>A file's text, or nothing when it is not there or not ours to read.</summary>
    public string? Read(string absolute) => ReadFile(Path(absolute));

    public static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
