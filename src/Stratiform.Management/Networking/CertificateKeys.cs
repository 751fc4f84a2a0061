using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>The keys of certificates: which are strong enough, and whether a private one is the certificate's.</summary>
internal static class CertificateKeys
{
    private const int LeastRsaBits = 2048;
    private const int MostRsaBits = 8192;
    private const int MostRounds = 2_000_000;

    // P-256, P-384, P-521: what browsers take.
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    /// <summary>Refuses a public key that clients do not trust, or that would cost them too much.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is such a key (431).</exception>
    public static void RequireStrong(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        using var ec = certificate.GetECDsaPublicKey();
        var objection = (rsa, ec) switch
        {
            ({ KeySize: (< LeastRsaBits or > MostRsaBits) and var bits }, _) => $"has a key of {bits} bits; RSA keys have {LeastRsaBits} to {MostRsaBits}.",
            (_, not null) when !Curves.Contains(ec.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value) =>
                "has a key on a curve that clients do not know; use P-256, P-384 or P-521.",
            (null, null) => "has a key that is neither RSA nor ECDSA.",
            _ => null,
        };
        if (objection is not null) throw Refusal.Parameter($"The certificate of {certificate.Subject} {objection}");
    }

    /// <summary>Reads a private key and proves that it is the certificate's.</summary>
    /// <returns>The key in PEM, without a password.</returns>
    /// <exception cref="Stratiform.Workflows.CloudException">It cannot be read, or is another's (431); the text holds nothing of it.</exception>
    public static string Read(string pem, string? password, X509Certificate2 certificate)
    {
        // An old form, encrypted in a way that protects nothing, which .NET does not read.
        if (pem.Contains("Proc-Type:", StringComparison.Ordinal))
            throw Refusal.Parameter("privatekey has an outdated encryption; convert it first: openssl pkcs8 -topk8 -in OLD -out NEW.");
        var encrypted = pem.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal);
        if (encrypted && string.IsNullOrEmpty(password)) throw Refusal.Parameter("privatekey is encrypted; send its password.");
        if (encrypted) RequireFewRounds(pem);
        using AsymmetricAlgorithm key = certificate.GetKeyAlgorithm() == "1.2.840.10045.2.1" ? ECDsa.Create() : RSA.Create();
        try
        {
            if (encrypted) key.ImportFromEncryptedPem(pem, password);
            else key.ImportFromPem(pem);
        }
        catch (Exception unread) when (unread is CryptographicException or ArgumentException)
        {
            throw Refusal.Parameter(encrypted
                ? "privatekey cannot be read: its password is wrong, or it is no key of the certificate's kind."
                : "privatekey cannot be read: it wants one key of the certificate's kind, in PEM.");
        }
        return IsOf(key, certificate) ? key.ExportPkcs8PrivateKeyPem() : throw Refusal.Parameter("privatekey is not the certificate's.");
    }

    // Signing shows that the private half is whole, which comparing the public ones would not.
    private static bool IsOf(AsymmetricAlgorithm key, X509Certificate2 certificate)
    {
        var proof = RandomNumberGenerator.GetBytes(32);
        try
        {
            switch (key)
            {
                case RSA own:
                    using (var theirs = certificate.GetRSAPublicKey())
                    {
                        return theirs!.KeySize == own.KeySize && theirs.VerifyData(
                            proof, own.SignData(proof, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
                    }
                case ECDsa own:
                    using (var theirs = certificate.GetECDsaPublicKey())
                    {
                        return theirs!.KeySize == own.KeySize && theirs.VerifyData(proof, own.SignData(proof, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256);
                    }
                default: return false;
            }
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    // How often the password is hashed is said by who sends it, and could keep a processor busy for hours.
    private static void RequireFewRounds(string pem)
    {
        try
        {
            var part = PemEncoding.Find(pem);
            var whole = new AsnReader(Convert.FromBase64String(pem[part.Base64Data]), AsnEncodingRules.BER).ReadSequence();
            if (Numbers(whole.ReadSequence()).All(rounds => rounds <= MostRounds)) return;
        }
        catch (Exception unread) when (unread is AsnContentException or ArgumentException or FormatException)
        {
            throw Refusal.Parameter("privatekey cannot be read: it wants one key in PEM.");
        }
        throw Refusal.Parameter($"privatekey hashes its password more than {MostRounds} times; encrypt it with fewer rounds.");
    }

    private static IEnumerable<System.Numerics.BigInteger> Numbers(AsnReader within)
    {
        while (within.HasData)
        {
            var tag = within.PeekTag();
            if (tag.HasSameClassAndValue(Asn1Tag.Sequence))
            {
                foreach (var number in Numbers(within.ReadSequence())) yield return number;
            }
            else if (tag.HasSameClassAndValue(Asn1Tag.Integer)) yield return within.ReadInteger();
            else within.ReadEncodedValue();
        }
    }
}
