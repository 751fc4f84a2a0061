using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Management.Database;

/// <summary>
/// Where a private cluster lives. Data stay in the folder that was asked for if the cluster's owner can enter it, else in
/// <c>/var/lib/stratiform</c>, with a link in the place that was asked for. Sockets stay in a short folder, because the
/// path of a socket ends after 107 bytes.
/// </summary>
/// <param name="Folder">Everything durable of the cluster.</param>
/// <param name="Sockets">The folder of its socket.</param>
internal sealed record ClusterPlace(string Folder, string Sockets)
{
    private const int LongestSocketFolder = 107 - 20;

    /// <summary>PostgreSQL's data directory.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>The folder of its logs.</summary>
    public string Logs => Path.Combine(Folder, "log");

    /// <summary>What PostgreSQL says before its log is open.</summary>
    public string StartLog => Path.Combine(Logs, "start.log");

    /// <summary>Finds the place for a folder, and makes it.</summary>
    /// <exception cref="OperatorException">The folder is a link to the data of another folder.</exception>
    public static async Task<ClusterPlace> PrepareAsync(string wanted, ClusterOwner owner, CancellationToken ct)
    {
        var folder = await ChooseFolderAsync(Path.GetFullPath(wanted), owner, ct);
        var place = new ClusterPlace(folder, SocketsOf(folder, owner));
        await owner.CreateDirectoryAsync(place.Sockets, ct);
        await owner.CreateDirectoryAsync(place.Logs, ct);
        return place;
    }

    private static async Task<string> ChooseFolderAsync(string wanted, ClusterOwner owner, CancellationToken ct)
    {
        var fallback = Path.Combine("/var/lib/stratiform", HashOf(wanted));
        if (new DirectoryInfo(wanted).LinkTarget is { } target)
        {
            if (target != fallback)
                throw new OperatorException($"{wanted} is a link to {target}, the database of another folder: it was moved or copied. "
                    + $"To take the database along: mv {target} {fallback} && ln -sfn {fallback} {wanted}. "
                    + $"To begin with an empty one: rm {wanted}");
            return fallback;
        }
        await owner.CreateDirectoryAsync(wanted, ct);
        if (!owner.IsSomeoneElse || await owner.CanFillAsync(wanted, ct)) return wanted;
        await owner.CreateDirectoryAsync(fallback, ct);
        Directory.Delete(wanted);
        Directory.CreateSymbolicLink(wanted, fallback);
        return fallback;
    }

    private static string SocketsOf(string folder, ClusterOwner owner)
    {
        if (owner.IsSomeoneElse) return Path.Combine("/run/stratiform", HashOf(folder));
        var name = $"stratiform-{HashOf(folder)}";
        var own = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        var fits = Directory.Exists(own) && Encoding.UTF8.GetByteCount(own) + name.Length < LongestSocketFolder;
        return Path.Combine(fits ? own! : "/tmp", name);
    }

    private static string HashOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..12];
}
