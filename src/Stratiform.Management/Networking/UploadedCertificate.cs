using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Api;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>
/// What a client uploads to end TLS by, read and written anew: nothing that came besides is kept. It is refused unless a load balancer can
/// serve it: in its time, of a sound kind and size, with its own key, and each of the chain the issuer of the one before.
/// </summary>
internal sealed record UploadedCertificate
{
    private const int LongestChain = 10;
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    public required string Certificate { get; init; }
    public required string Chain { get; init; }
    public required string Fingerprint { get; init; }

    /// <summary>PKCS #8 in PEM, without a password.</summary>
    public required string PrivateKey { get; init; }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="CloudException">It cannot be served; the text says why, and holds nothing of the key (431).</exception>
    public static UploadedCertificate Read(string certificate, string? chain, string privateKey, string? password, DateTimeOffset now)
    {
        var own = Certificates("certificate", certificate);
        if (own.Count != 1) throw Refusal.Parameter($"certificate holds {own.Count} certificates; send one there, and its issuers in certchain.");
        var issuers = Certificates("certchain", chain ?? "");
        if (issuers.Count > LongestChain) throw Refusal.Parameter($"certchain holds {issuers.Count} certificates; {LongestChain} are the most.");
        foreach (var one in own.Concat(issuers)) CertificateChecks.RequireInTime(one, now);
        if (own[0].Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses && uses.EnhancedKeyUsages[ForServers] is null)
            throw Refusal.Parameter("certificate is not for servers: its extended key usage lacks serverAuth.");
        CertificateChecks.RequireChain([.. own, .. issuers]);
        return new()
        {
            Certificate = Pem(own[0]),
            Chain = string.Concat(issuers.Select(Pem)),
            Fingerprint = string.Join(':', own[0].GetCertHash(HashAlgorithmName.SHA256).Select(b => b.ToString("X2"))),
            PrivateKey = CertificateKeys.Read(privateKey, password, own[0]) + "\n",
        };
    }

    private static string Pem(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    private static List<X509Certificate2> Certificates(string parameter, string text)
    {
        var found = new List<X509Certificate2>();
        var rest = text.AsSpan();
        while (PemEncoding.TryFind(rest, out var part))
        {
            if (rest[part.Label] is not "CERTIFICATE")
                throw Refusal.Parameter($"{parameter} holds a part that is no certificate; only PEM parts called CERTIFICATE belong there.");
            try
            {
                found.Add(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(rest[part.Base64Data].ToString())));
            }
            catch (CryptographicException)
            {
                throw Refusal.Parameter($"{parameter} cannot be read: its part {found.Count + 1} is no X.509 certificate.");
            }
            rest = rest[part.Location.End..];
        }
        // What looks like a part and is none would be lost in silence.
        return rest.Contains("-----", StringComparison.Ordinal) || found.Count == 0 && !rest.IsWhiteSpace()
            ? throw Refusal.Parameter($"{parameter} cannot be read: it wants certificates in PEM, from BEGIN to END.")
            : found;
    }
}
