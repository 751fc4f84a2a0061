using System.Globalization;

namespace Stratiform.Management.Database;

/// <summary>One installed PostgreSQL: where its programs are.</summary>
/// <param name="Folder">The folder of <c>initdb</c>, <c>pg_ctl</c>, <c>pg_dump</c> and the rest.</param>
/// <param name="Major">The major version.</param>
internal sealed record PostgresBinaries(string Folder, int Major)
{
    private const string DebianFolder = "/usr/lib/postgresql";

    /// <summary>The path of one program.</summary>
    public string this[string program] => Path.Combine(Folder, program);

    /// <summary>The newest installed version.</summary>
    /// <exception cref="OperatorException">None is installed.</exception>
    public static PostgresBinaries FindNewest() =>
        Installed().MaxBy(b => b.Major)
        ?? throw new OperatorException("PostgreSQL is not installed. Run: apt-get install postgresql");

    /// <summary>Where a major version has its programs on Debian, installed or not.</summary>
    public static PostgresBinaries Of(int major) =>
        new(Path.Combine(DebianFolder, major.ToString(CultureInfo.InvariantCulture), "bin"), major);

    private static IEnumerable<PostgresBinaries> Installed()
    {
        if (!Directory.Exists(DebianFolder)) return [];
        return Directory.EnumerateDirectories(DebianFolder)
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var major) ? major : 0)
            .Where(major => major > 0)
            .Select(Of)
            .Where(binaries => File.Exists(binaries["postgres"]) && File.Exists(binaries["initdb"]));
    }
}
