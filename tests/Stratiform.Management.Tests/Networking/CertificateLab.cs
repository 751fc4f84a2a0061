using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Certificates as tenants upload them: a root, an authority below it, and what that issues.</summary>
internal sealed class CertificateLab
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-22T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
    private readonly X509Certificate2 _root = Root("CN=Root");

    public CertificateLab() => Authority = Issue("CN=Authority", ECDsa.Create(ECCurve.NamedCurves.nistP256), _root, isAuthority: true);

    public X509Certificate2 Authority { get; }

    /// <summary>The authority and the root, as a chain is sent.</summary>
    public string Chain => Authority.ExportCertificatePem() + "\n" + _root.ExportCertificatePem();

    public string ChainBackwards => _root.ExportCertificatePem() + "\n" + Authority.ExportCertificatePem();

    /// <summary>A certificate of the authority's.</summary>
    public X509Certificate2 Of(string name, AsymmetricAlgorithm? key = null, int days = 90, int since = -1, bool forClients = false) =>
        Issue("CN=" + name, key ?? ECDsa.Create(ECCurve.NamedCurves.nistP256), Authority, isAuthority: false, days, since, forClients);

    public static string KeyOf(X509Certificate2 certificate) =>
        certificate.GetRSAPrivateKey()?.ExportPkcs8PrivateKeyPem() ?? certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    /// <summary>An authority of its own, of any name.</summary>
    public static X509Certificate2 Root(string subject)
    {
        var request = Request(subject, ECDsa.Create(ECCurve.NamedCurves.nistP384));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(100));
    }

    private static X509Certificate2 Issue(
        string subject, AsymmetricAlgorithm key, X509Certificate2 issuer, bool isAuthority, int days = 36500, int since = -1, bool forClients = false)
    {
        var request = Request(subject, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        if (forClients) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.2")], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var signer = issuer.GetECDsaPrivateKey()!;
        var issued = request.Create(
            issuer.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), now.AddDays(since), now.AddDays(days), RandomNumberGenerator.GetBytes(8));
        return key is RSA rsa ? issued.CopyWithPrivateKey(rsa) : issued.CopyWithPrivateKey((ECDsa)key);
    }

    private static CertificateRequest Request(string subject, AsymmetricAlgorithm key) => key is RSA rsa
        ? new(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new(subject, (ECDsa)key, HashAlgorithmName.SHA256);
}
