using System.Security.Cryptography;

namespace Stratiform.Transfers;

/// <summary>Adds a file up while it comes, so that it need not be read again.</summary>
/// <param name="algorithm">How.</param>
public sealed class RunningSum(HashAlgorithmName algorithm) : IDisposable
{
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(algorithm);

    // Null once bytes have come that were not seen here.
    private long? _length = 0;

    /// <summary>How it is computed.</summary>
    public HashAlgorithmName Algorithm => algorithm;

    /// <summary>What comes now begins at this offset.</summary>
    public void Begin(long from)
    {
        if (from == 0)
        {
            _sum.GetHashAndReset();
            _length = 0;
        }
        else if (from != _length)
            _length = null;
    }

    /// <summary>These bytes have come.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_length is null) return;
        _sum.AppendData(bytes);
        _length += bytes.Length;
    }

    /// <summary>What the file adds up to; null when it is not what was seen.</summary>
    public Checksum? Of(string path) =>
        _length == new FileInfo(path).Length ? new Checksum(algorithm, Convert.ToHexStringLower(_sum.GetCurrentHash())) : null;

    /// <inheritdoc/>
    public void Dispose() => _sum.Dispose();
}
