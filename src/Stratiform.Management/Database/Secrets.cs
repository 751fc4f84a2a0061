using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Management.Database;

/// <summary>
/// Wraps what the database must keep but not tell: who holds a copy of it, without the master key's file, holds no secret.
/// A wrapped secret is <c>1 | key id (8) | nonce (12) | tag (16) | text</c>, AES-256-GCM, with the part before the nonce authenticated.
/// </summary>
public sealed class Secrets
{
    private const byte Format = 1;
    private const int KeyIdSize = 8;
    private const int HeadSize = 1 + KeyIdSize;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const int Overhead = HeadSize + NonceSize + TagSize;

    private readonly IReadOnlyList<MasterKey> keys;
    private readonly string path;

    private Secrets(IReadOnlyList<MasterKey> keys, string path)
    {
        this.keys = keys;
        this.path = path;
    }

    /// <summary>Secrets under a key that stands in no file.</summary>
    /// <param name="masterKey">32 bytes.</param>
    public Secrets(byte[] masterKey) : this([new MasterKey(masterKey)], "memory") { }

    /// <summary>The key that wraps from now on.</summary>
    public string KeyId => keys[0].Id;

    /// <summary>Opens a key file without asking a database; makes it if it is missing.</summary>
    /// <exception cref="OperatorException">The file is open to others or holds something else.</exception>
    public static Secrets Open(string path) => new(MasterKey.ReadOrCreate(path), path);

    /// <summary>
    /// Opens the key file of a database. Only the first server on an empty database makes one: later, a missing or another
    /// key would lock the secrets away that are already there.
    /// </summary>
    /// <exception cref="OperatorException">The file is missing, open to others, or not the one of this database.</exception>
    public static async Task<Secrets> OpenAsync(CloudDb db, string path, CancellationToken ct)
    {
        var wanted = await Installation.ReadKeyIdAsync(db, ct);
        if (wanted is not null && !File.Exists(path))
            throw new OperatorException($"The master key {path} is missing, and the database has secrets under key {wanted}. "
                + "Copy the file from another server or from the .keys file of a backup.");
        var keys = MasterKey.ReadOrCreate(path);
        if (wanted is null)
        {
            await Installation.BindAsync(db, keys[0].Id, ct);
            wanted = await Installation.ReadKeyIdAsync(db, ct);
        }
        return keys.Any(key => key.Id == wanted) ? new(keys, path) : throw Wrong(wanted!, keys, path);
    }

    /// <summary>Wraps bytes; the same bytes look different each time.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> plain)
    {
        var wrapped = new byte[Overhead + plain.Length];
        var parts = new Parts(wrapped);
        wrapped[0] = Format;
        Convert.FromHexString(keys[0].Id, parts.KeyId, out _, out _);
        RandomNumberGenerator.Fill(parts.Nonce);
        using var aes = new AesGcm(keys[0].Bytes, TagSize);
        aes.Encrypt(parts.Nonce, plain, parts.Text, parts.Tag, parts.Head);
        return wrapped;
    }

    /// <summary>Wraps a text.</summary>
    public byte[] Wrap(string plain) => Wrap(Encoding.UTF8.GetBytes(plain));

    /// <summary>The bytes that were wrapped.</summary>
    /// <exception cref="OperatorException">They were wrapped by a key that is not here, or are damaged.</exception>
    public byte[] Unwrap(byte[] wrapped)
    {
        if (wrapped.Length < Overhead || wrapped[0] != Format)
            throw new OperatorException("A wrapped secret is damaged: it has another form.");
        var parts = new Parts(wrapped);
        var id = Convert.ToHexStringLower(parts.KeyId);
        var key = keys.FirstOrDefault(k => k.Id == id) ?? throw Wrong(id, keys, path);
        var plain = new byte[wrapped.Length - Overhead];
        using var aes = new AesGcm(key.Bytes, TagSize);
        try
        {
            aes.Decrypt(parts.Nonce, parts.Text, parts.Tag, plain, parts.Head);
        }
        catch (AuthenticationTagMismatchException e)
        {
            throw new OperatorException($"A secret under master key {id} is damaged: what the database holds is not what was wrapped.", e);
        }
        return plain;
    }

    /// <summary>The text that was wrapped.</summary>
    public string UnwrapText(byte[] wrapped) => Encoding.UTF8.GetString(Unwrap(wrapped));

    private static OperatorException Wrong(string wanted, IReadOnlyList<MasterKey> keys, string path) =>
        new($"A secret is under master key {wanted}, but {path} holds {string.Join(", ", keys.Select(k => k.Id))}. "
            + "Put the key file of this database there: from another server, or from the .keys file of a backup.");

    private readonly ref struct Parts(Span<byte> wrapped)
    {
        public Span<byte> Head { get; } = wrapped[..HeadSize];
        public Span<byte> KeyId { get; } = wrapped[1..HeadSize];
        public Span<byte> Nonce { get; } = wrapped.Slice(HeadSize, NonceSize);
        public Span<byte> Tag { get; } = wrapped.Slice(HeadSize + NonceSize, TagSize);
        public Span<byte> Text { get; } = wrapped[Overhead..];
    }
}
