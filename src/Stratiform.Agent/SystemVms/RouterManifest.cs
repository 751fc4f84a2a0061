using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// A router's configuration as its image takes it: one packed tar with a manifest, the files of the router itself, and those that
/// guests read, as far as the router lacks them. Its store of the latter goes by hash.
/// </summary>
internal sealed class RouterManifest
{
    private const UnixFileMode ForRoot = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = ForRoot | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    // The group is that of the metadata service.
    private const UnixFileMode ForMetadata = UnixFileMode.UserRead | UnixFileMode.GroupRead;
    private readonly IReadOnlyList<(RouterFile File, string Hash)> _files;

    public RouterManifest(EnsureRouterConfiguration configuration)
    {
        _files = [.. configuration.Files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => (file, HashOf(file.Content)))];
        GuestsBytes = _files.Where(entry => IsForGuests(entry.File)).Sum(entry => (long)entry.File.Content.Length);
        var lines = string.Concat(_files.Select(entry => $"{entry.File.Path} {entry.Hash}\n"));
        var stamp = HashOf(Encoding.UTF8.GetBytes(lines))[..16];
        Text = string.Create(CultureInfo.InvariantCulture, $"generation {configuration.Generation} {stamp}\n{lines}");
    }

    /// <summary>The first line names the generation and tells it from others of its number, each other is <c>PATH SHA256</c>.</summary>
    public string Text { get; }

    /// <summary>How much the files for guests hold.</summary>
    public long GuestsBytes { get; }

    /// <summary>The tar, compressed by gzip, with those of the guests' files whose hashes are asked for; null asks for all.</summary>
    public byte[] Pack(IReadOnlySet<string>? hashes)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Ustar))
        {
            Write(tar, "manifest", Encoding.UTF8.GetBytes(Text), ForMetadata);
            foreach (var (file, _) in _files.Where(entry => !IsForGuests(entry.File)))
                Write(tar, file.Path, file.Content, file.Secret ? ForRoot : ForAll);
            var guests = _files.Where(entry => IsForGuests(entry.File) && hashes?.Contains(entry.Hash) != false);
            foreach (var (file, hash) in guests.DistinctBy(entry => entry.Hash)) Write(tar, $"files/{hash}", file.Content, ForMetadata);
        }
        return packed.ToArray();
    }

    private static void Write(TarWriter tar, string path, byte[] content, UnixFileMode mode)
    {
        using var stream = new MemoryStream(content);
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { DataStream = stream, Mode = mode });
    }

    private static bool IsForGuests(RouterFile file) => file.Path.Split('/')[0] is "metadata" or "userdata" or "passwords";

    private static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
