namespace Stratiform.Cli.Wire;

/// <summary>Finds the checkout that strat works for: upwards from the current folder, then from where strat itself lies.</summary>
internal static class Checkouts
{
    /// <summary>The folder that holds .run or, before the first "make up", the solution.</summary>
    public static string? Find(Surroundings here) => Around(here).FirstOrDefault(folder =>
        Directory.Exists(Path.Combine(folder, ".run")) || File.Exists(Path.Combine(folder, "Stratiform.slnx")));

    public static IEnumerable<string> Around(Surroundings here) => Upwards(here.Folder).Concat(Upwards(here.ProgramFolder));

    /// <summary>A folder and those it lies in.</summary>
    public static IEnumerable<string> Upwards(string folder)
    {
        for (var next = new DirectoryInfo(folder); next is not null; next = next.Parent)
            yield return next.FullName;
    }
}
