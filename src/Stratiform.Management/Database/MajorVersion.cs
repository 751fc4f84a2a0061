using System.Globalization;

namespace Stratiform.Management.Database;

/// <summary>Keeps a cluster from programs of another major version: they would refuse it with fewer words, or not at all.</summary>
internal static class MajorVersion
{
    /// <exception cref="OperatorException">The data is of another major version than the programs; says how to upgrade.</exception>
    public static void Require(PostgresBinaries binaries, ClusterOwner owner, ClusterPlace place)
    {
        var text = File.ReadAllText(Path.Combine(place.Data, "PG_VERSION")).Trim();
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out var major))
            throw new OperatorException($"{place.Data}/PG_VERSION says '{text}', which is no version of PostgreSQL.");
        if (major == binaries.Major) return;
        throw new OperatorException(major > binaries.Major
            ? $"The database in {place.Folder} is of PostgreSQL {major}, and the newest installed is {binaries.Major}. "
                + $"Run: apt-get install postgresql-{major}"
            : $"The database in {place.Folder} is of PostgreSQL {major}, and {binaries.Major} is installed. "
                + $"With the server stopped, upgrade it (postgresql-{major} must still be installed): "
                + UpgradeCommand(major, binaries, owner, place));
    }

    private static string UpgradeCommand(int major, PostgresBinaries binaries, ClusterOwner owner, ClusterPlace place)
    {
        var next = $"{place.Data}.{binaries.Major}";
        var initdb = owner.Command(binaries["initdb"], Postmaster.InitdbArguments(next));
        var upgrade = owner.Command(
            binaries["pg_upgrade"], "-U", PrivateCluster.Role, "-b", PostgresBinaries.Of(major).Folder, "-B", binaries.Folder,
            "-d", place.Data, "-D", next, "-s", place.Sockets);
        return $"cd {place.Logs} && {string.Join(' ', initdb)} && cp {place.Data}/pg_*.conf {next}/ && chmod 644 {next}/pg_*.conf && "
            + $"{string.Join(' ', upgrade)} && mv {place.Data} {place.Data}.{major} && mv {next} {place.Data}";
    }
}
