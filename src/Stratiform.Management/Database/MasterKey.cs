using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Management.Database;

/// <summary>
/// A key that wraps the secrets of the database. Keys stand in a file outside it, one line of base64 each; the first one
/// wraps, all of them unwrap, so a new key is put before an old one.
/// </summary>
internal sealed class MasterKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="bytes"><see cref="Size"/> of them.</param>
    public MasterKey(byte[] bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes.Length, Size);
        Bytes = bytes;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "stratiform master key "u8, .. bytes]))[..16];
    }

    /// <summary>The key itself.</summary>
    public byte[] Bytes { get; }

    /// <summary>Names the key without betraying it: 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="OperatorException">It is missing, open to others, or holds something else.</exception>
    public static IReadOnlyList<MasterKey> Read(string path)
    {
        if (!File.Exists(path)) throw new OperatorException($"The master key {path} is missing.");
        if ((File.GetUnixFileMode(path) & ~(Mine | UnixFileMode.UserExecute)) != 0)
            throw new OperatorException($"The master key {path} is open to others. Run: chmod 600 {path}");
        var keys = Parse(File.ReadAllLines(path));
        return keys.Count > 0 && keys.OfType<MasterKey>().ToList() is var whole && whole.Count == keys.Count
            ? whole
            : throw new OperatorException($"{path} is no master key: it holds lines of {Size} bytes in base64.");
    }

    /// <summary>The keys in the lines of a file; null for a line that is none.</summary>
    public static IReadOnlyList<MasterKey?> Parse(IEnumerable<string> lines) =>
        [.. lines.Where(line => line.Length > 0).Select(Parse)];

    /// <summary>Reads the keys of a file, after putting a fresh one there if nothing is.</summary>
    public static IReadOnlyList<MasterKey> ReadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        return Read(path);
    }

    /// <summary>Writes a file that only its owner reads, whole or not at all; false when it was there already.</summary>
    public static bool TryWrite(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var unfinished = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mine };
        using (var file = new FileStream(unfinished, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(unfinished, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(unfinished);
            return false;
        }
    }

    private static void Create(string path)
    {
        var line = Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)) + "\n";
        TryWrite(path, Encoding.ASCII.GetBytes(line));
    }

    private static MasterKey? Parse(string line)
    {
        var bytes = new byte[Size];
        return Convert.TryFromBase64String(line.Trim(), bytes, out var written) && written == Size ? new(bytes) : null;
    }
}
