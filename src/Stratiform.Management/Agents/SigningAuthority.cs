using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Protocol;

namespace Stratiform.Management.Agents;

/// <summary>
/// Signs what agents show and what this server shows to them. An agent's certificate is good for listening under the host's name in
/// its address, a server's for calling: no agent can pass as a server or as another host.
/// </summary>
public sealed class SigningAuthority : IDisposable
{
    private const int YearsOfAuthority = 20;
    private static readonly TimeSpan AgentsValidity = TimeSpan.FromDays(365);
    // A host's clock may be late.
    private static readonly TimeSpan Lateness = TimeSpan.FromDays(1);

    private readonly X509Certificate2 _self;
    private readonly X509Certificate2 _public;
    private readonly SslStreamCertificateContext _server;

    /// <param name="self">The authority's certificate with its key.</param>
    /// <param name="now">The time.</param>
    public SigningAuthority(X509Certificate2 self, DateTimeOffset now)
    {
        (_self, _public) = (self, X509CertificateLoader.LoadCertificate(self.RawData));
        // The server's own key lives as long as the process and is written nowhere.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = Issue(
            CloudCertificates.ServerName, new PublicKey(key), CloudCertificates.ClientAuthentication, null, now, Ends(self));
        _server = SslStreamCertificateContext.Create(bare.CopyWithPrivateKey(key), [_public], offline: true);
    }

    /// <summary>The authority's certificate, DER.</summary>
    public byte[] Certificate => _public.RawData;

    /// <summary>Its name.</summary>
    public string Name => _public.Subject;

    /// <summary>A fresh authority's certificate.</summary>
    public static X509Certificate2 Certify(ECDsa key, DateTimeOffset now)
    {
        var number = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..8];
        var request = new CertificateRequest($"CN=Stratiform cloud {number}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(now - Lateness, now.AddYears(YearsOfAuthority));
    }

    /// <summary>A certificate for an agent, good for a year under the name in its address.</summary>
    public X509Certificate2 Issue(PublicKey agent, Uri address, DateTimeOffset now)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(address.IdnHost, out var ip)) names.AddIpAddress(ip);
        else names.AddDnsName(address.IdnHost);
        return Issue("Stratiform agent", agent, CloudCertificates.ServerAuthentication, names.Build(), now, now + AgentsValidity);
    }

    /// <summary>Whether less than a third is left of the certificate's life.</summary>
    public static bool IsDueForRenewal(X509Certificate2 agent, DateTimeOffset now) => Ends(agent) - now < AgentsValidity / 3;

    /// <summary>Whether the certificate says that this authority signed it; who relies on it checks the signature.</summary>
    public bool IsNamedBy(X509Certificate2 agent) => agent.IssuerName.RawData.AsSpan().SequenceEqual(_public.SubjectName.RawData);

    /// <summary>How this server shakes hands with agents: it shows its certificate, and trusts this authority and nobody else.</summary>
    public SslClientAuthenticationOptions Handshake() => new()
    {
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = _server,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _public },
            ApplicationPolicy = { new Oid(CloudCertificates.ServerAuthentication) },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _self.Dispose();
        _public.Dispose();
        _server.TargetCertificate.Dispose();
    }

    private static DateTimeOffset Ends(X509Certificate2 certificate) => new(certificate.NotAfter.ToUniversalTime());

    private X509Certificate2 Issue(
        string name, PublicKey key, string usage, X509Extension? names, DateTimeOffset now, DateTimeOffset end)
    {
        var request = new CertificateRequest(
            new X500DistinguishedName(string.Create(CultureInfo.InvariantCulture, $"CN={name}")), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_public, true, false));
        if (names is not null) request.CertificateExtensions.Add(names);
        var begin = now - Lateness;
        var first = new DateTimeOffset(_public.NotBefore.ToUniversalTime());
        return request.Create(
            _self, begin > first ? begin : first, end < Ends(_public) ? end : Ends(_public), RandomNumberGenerator.GetBytes(16));
    }
}
