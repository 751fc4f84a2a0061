using System.Formats.Tar;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>A router's configuration as its image takes it: a list of files by hash, and the files themselves in a tar.</summary>
internal static class RouterManifest
{
    /// <summary>The first line names the generation, each other is <c>SHA256 MODE PATH</c>, in the order of paths.</summary>
    public static string Write(EnsureRouterConfiguration configuration)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"generation {configuration.Generation}\n");
        foreach (var file in configuration.Files.OrderBy(file => file.Path, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{HashOf(file)} {(file.Secret ? "0600" : "0644")} {file.Path}\n");
        return text.ToString();
    }

    /// <summary>The files whose hashes are asked for, each once and named by its hash.</summary>
    public static byte[] Pack(EnsureRouterConfiguration configuration, IReadOnlySet<string> hashes)
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in configuration.Files.DistinctBy(HashOf).Where(file => hashes.Contains(HashOf(file))))
            {
                using var content = new MemoryStream(file.Content);
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, HashOf(file)) { DataStream = content });
            }
        }
        return packed.ToArray();
    }

    private static string HashOf(RouterFile file) => Convert.ToHexStringLower(SHA256.HashData(file.Content));
}
