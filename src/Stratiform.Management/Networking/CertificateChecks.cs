using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>
/// What TLS clients would find wrong with a certificate and its issuers. The chain is judged as it was sent, link by link, since that is how
/// a load balancer serves it: X509Chain would sort it, and ask the machine's own store.
/// </summary>
internal static class CertificateChecks
{
    /// <summary>Refuses one that is over, or has not begun.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is (431).</exception>
    public static void RequireInTime(X509Certificate2 certificate, DateTimeOffset now)
    {
        if (now >= new DateTimeOffset(certificate.NotAfter))
            throw Refusal.Parameter($"The certificate of {certificate.Subject} expired on {On(certificate.NotAfter)}; send one that is valid.");
        if (now < new DateTimeOffset(certificate.NotBefore))
            throw Refusal.Parameter($"The certificate of {certificate.Subject} is not valid before {On(certificate.NotBefore)}.");
    }

    /// <summary>Refuses unless each is issued by the next; the last one's issuer may be missing.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">One is not, or has a weak key or signature (431).</exception>
    public static void RequireChain(IReadOnlyList<X509Certificate2> chain)
    {
        foreach (var certificate in chain)
        {
            CertificateKeys.RequireStrong(certificate);
            if (!IsRoot(certificate) && HashOf(certificate) is null)
                throw Refusal.Parameter($"The certificate of {certificate.Subject} is signed by {certificate.SignatureAlgorithm.FriendlyName}; "
                    + "clients want RSA or ECDSA with SHA-256 or better.");
        }
        foreach (var (child, parent) in chain.Zip(chain.Skip(1)))
        {
            if (!child.IssuerName.RawData.AsSpan().SequenceEqual(parent.SubjectName.RawData))
                throw Refusal.Parameter($"certchain is out of order: {parent.Subject} comes after {child.Subject}, whose issuer is {child.Issuer}.");
            if (parent.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault()?.CertificateAuthority != true || !HasSigned(parent, child))
                throw Refusal.Parameter($"certchain does not verify: {parent.Subject} has not issued {child.Subject}.");
        }
    }

    private static string On(DateTime time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    // Its signature is its own; trust in it comes from elsewhere.
    private static bool IsRoot(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static HashAlgorithmName? HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
        _ => null,
    };

    // RFC 5280, 4.1: a certificate is what is signed, the algorithm, the signature.
    private static bool HasSigned(X509Certificate2 parent, X509Certificate2 child)
    {
        if (HashOf(child) is not { } hash) return false;
        var parts = new AsnReader(child.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        var signed = parts.ReadEncodedValue().Span;
        parts.ReadEncodedValue();
        var signature = parts.ReadBitString(out _);
        using var rsa = parent.GetRSAPublicKey();
        if (rsa is not null) return rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);
        using var ec = parent.GetECDsaPublicKey();
        return ec is not null && ec.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
