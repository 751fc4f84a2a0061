using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Enrolling;

/// <summary>
/// The files of an agent's identity, <c>STATE/tls</c>: its key, which never leaves the host, its join token until that is spent, and
/// once it is enrolled its certificate with that of the cloud's authority. The agent and <c>join</c> may open it at the same time.
/// </summary>
internal sealed class IdentityFolder
{
    private const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _key;
    private readonly string _token;
    private readonly string _certificates;

    /// <summary>Opens the folder within the agent's state, and draws the key when there is none.</summary>
    public IdentityFolder(string state)
    {
        Path = System.IO.Path.Combine(state, "tls");
        (_key, _token, _certificates) = (PathOf("agent.key"), PathOf("join-token"), PathOf("certificates.pem"));
        Directory.CreateDirectory(Path, Mine | UnixFileMode.UserExecute);
        if (!File.Exists(_key)) DrawKey();
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>The agent's key.</summary>
    public ECDsa ReadKey()
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(_key));
        return key;
    }

    /// <summary>The agent's certificate and the authority's, or null before it is enrolled.</summary>
    public (X509Certificate2 Own, X509Certificate2 Authority)? ReadCertificates()
    {
        if (!File.Exists(_certificates)) return null;
        var both = new X509Certificate2Collection();
        both.ImportFromPemFile(_certificates);
        return both is [var own, var authority]
            ? (own, authority)
            : throw new InvalidDataException($"{_certificates} does not hold two certificates.");
    }

    /// <summary>Keeps both certificates, together or not at all.</summary>
    public void WriteCertificates(X509Certificate2 own, X509Certificate2 authority) =>
        DurableFile.Write(_certificates, own.ExportCertificatePem() + "\n" + authority.ExportCertificatePem() + "\n");

    /// <summary>The token that may still be used, or null.</summary>
    public JoinToken? ReadToken() => File.Exists(_token) ? JoinToken.TryParse(File.ReadAllText(_token)) : null;

    /// <summary>The token that may still be used; draws one when there is none.</summary>
    public JoinToken ReadOrDrawToken()
    {
        if (ReadToken() is { } drawn) return drawn;
        using var key = ReadKey();
        DropToken();
        Create(_token, JoinToken.For(key.ExportSubjectPublicKeyInfo()).Reveal() + "\n");
        return ReadToken()!;
    }

    /// <summary>The token is of no more use.</summary>
    public void DropToken() => File.Delete(_token);

    private string PathOf(string name) => System.IO.Path.Combine(Path, name);

    private void DrawKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Create(_key, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    // Whole or not at all, for the owner alone, and never over what somebody else was faster to put there.
    private static void Create(string path, string text)
    {
        var draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Mine };
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(draft, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(draft);
        }
    }
}
