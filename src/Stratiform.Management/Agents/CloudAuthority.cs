using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Database;

namespace Stratiform.Management.Agents;

/// <summary>Opens the cloud's certificate authority; the first server that needs it makes it.</summary>
public sealed class CloudAuthority(IServiceScopeFactory scopes, Secrets secrets, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private SigningAuthority? _opened;

    /// <summary>The authority, the same for all servers of the database.</summary>
    public async ValueTask<SigningAuthority> OpenAsync(CancellationToken ct)
    {
        if (_opened is not null) return _opened;
        await _turn.WaitAsync(ct);
        try
        {
            return _opened ??= await ReadOrMakeAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _turn.Dispose();
        _opened?.Dispose();
    }

    private async Task<SigningAuthority> ReadOrMakeAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        var now = clock.GetUtcNow();
        if (await CertificateAuthority.ReadAsync(db, ct) is not { } row)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var certificate = SigningAuthority.Certify(key, now);
            await CertificateAuthority.WriteAsync(db, certificate.RawData, secrets.Wrap(key.ExportPkcs8PrivateKey()), now, ct);
            // What counts is what is in the database: another server may have been faster.
            row = (await CertificateAuthority.ReadAsync(db, ct))!;
        }
        var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(secrets.Unwrap(row.WrappedKey), out _);
        using var bare = X509CertificateLoader.LoadCertificate(row.Certificate);
        return new(bare.CopyWithPrivateKey(opened), now);
    }
}
