using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Networking;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What is read of an uploaded certificate, and for which words it is refused.</summary>
public sealed class UploadedCertificateTests
{
    private static readonly CertificateLab Lab = new();

    private static UploadedCertificate Read(string certificate, string? chain, string key, string? password = null) =>
        UploadedCertificate.Read(certificate, chain, key, password, TimeProvider.System.GetUtcNow());

    private static string Refused(string certificate, string? chain, string key, string? password = null)
    {
        var refusal = Should.Throw<CloudException>(() => Read(certificate, chain, key, password));
        refusal.Code.ShouldBe(431);
        foreach (var line in key.Split('\n').Where(line => line.Length > 20 && !line.StartsWith('-'))) refusal.Message.ShouldNotContain(line);
        return refusal.Message;
    }

    [Fact]
    public void A_sound_one_is_kept_without_what_came_besides()
    {
        foreach (var key in new AsymmetricAlgorithm[] { RSA.Create(2048), ECDsa.Create(ECCurve.NamedCurves.nistP384) })
        {
            var own = Lab.Of("www.example.com", key);
            var read = Read("Subject: nobody\n" + own.ExportCertificatePem() + "\nlocalkeyid: 1", Lab.Chain, CertificateLab.KeyOf(own));
            read.Certificate.ShouldBe(own.ExportCertificatePem() + "\n");
            read.Chain.ShouldBe(Lab.Chain + "\n");
            read.PrivateKey.ShouldStartWith("-----BEGIN PRIVATE KEY-----");
            read.Fingerprint.Split(':').Length.ShouldBe(32);
        }
    }

    [Fact]
    public void A_key_may_have_an_older_form_or_a_password()
    {
        using var rsa = RSA.Create(2048);
        var own = Lab.Of("forms", rsa);
        var pem = own.ExportCertificatePem();
        Read(pem, null, rsa.ExportRSAPrivateKeyPem()).PrivateKey.ShouldBe(rsa.ExportPkcs8PrivateKeyPem() + "\n");
        var encrypted = rsa.ExportEncryptedPkcs8PrivateKeyPem("word", new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Read(pem, null, encrypted, "word").PrivateKey.ShouldBe(rsa.ExportPkcs8PrivateKeyPem() + "\n");
        Refused(pem, null, encrypted).ShouldContain("send its password");
        Refused(pem, null, encrypted, "sword").ShouldContain("its password is wrong");
        Refused(pem, null, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n").ShouldContain("openssl pkcs8 -topk8");
        Refused(pem, null, "nonsense").ShouldContain("privatekey cannot be read");
        Refused(pem, null, CertificateLab.KeyOf(Lab.Of("other", RSA.Create(2048)))).ShouldBe("privatekey is not the certificate's.");
        Refused(pem, null, CertificateLab.KeyOf(Lab.Of("other"))).ShouldContain("one key of the certificate's kind");
    }

    [Fact]
    public void A_password_that_is_hashed_for_hours_is_not_tried()
    {
        var own = Lab.Of("rounds").ExportCertificatePem();
        Refused(own, null, Hashed(1_000), "word").ShouldContain("its password is wrong");
        Refused(own, null, Hashed(2_000_001), "word").ShouldContain("more than 2000000 times");
    }

    // RFC 5958 and RFC 8018: a key in PBES2, whose password PBKDF2 hashes so often.
    private static string Hashed(long rounds)
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            using (key.PushSequence())
            {
                key.WriteObjectIdentifier("1.2.840.113549.1.5.13");
                using (key.PushSequence())
                {
                    using (key.PushSequence())
                    {
                        key.WriteObjectIdentifier("1.2.840.113549.1.5.12");
                        using (key.PushSequence())
                        {
                            key.WriteOctetString(new byte[8]);
                            key.WriteInteger(rounds);
                        }
                    }
                    using (key.PushSequence())
                    {
                        key.WriteObjectIdentifier("2.16.840.1.101.3.4.1.42");
                        key.WriteOctetString(new byte[16]);
                    }
                }
            }
            key.WriteOctetString(new byte[48]);
        }
        return PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", key.Encode());
    }

    [Fact]
    public void A_chain_is_each_the_issuer_of_the_one_before()
    {
        var own = Lab.Of("chained");
        var (pem, key) = (own.ExportCertificatePem(), CertificateLab.KeyOf(own));
        Refused(pem, Lab.ChainBackwards, key).ShouldBe("certchain is out of order: CN=Root comes after CN=chained, whose issuer is CN=Authority.");
        Refused(pem, CertificateLab.Root("CN=Authority").ExportCertificatePem(), key).ShouldBe("certchain does not verify: CN=Authority has not issued CN=chained.");
        Refused(pem, Lab.Chain + "\n" + key, key).ShouldContain("certchain holds a part that is no certificate");
        Refused(pem, Lab.Chain + "\n-----BEGIN CERTIFICATE-----\nAAAA", key).ShouldContain("certchain cannot be read");
        Refused(pem + "\n" + pem, null, key).ShouldContain("certificate holds 2 certificates");
        Refused(key, null, key).ShouldContain("certificate holds a part that is no certificate");
        Refused("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", null, key).ShouldContain("is no X.509 certificate");
    }

    [Fact]
    public void What_clients_would_not_trust_is_refused()
    {
        string Of(X509Certificate2 own, string? chain = null) => Refused(own.ExportCertificatePem(), chain, CertificateLab.KeyOf(own));
        Of(Lab.Of("over", days: -1, since: -9)).ShouldContain("The certificate of CN=over expired on 20");
        Of(Lab.Of("early", since: 3)).ShouldContain("is not valid before");
        Of(Lab.Of("small", RSA.Create(1024))).ShouldContain("has a key of 1024 bits");
        Of(Lab.Of("curve", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1))).ShouldContain("use P-256, P-384 or P-521");
        Of(Lab.Of("client", forClients: true)).ShouldContain("not for servers");
        using var rsa = RSA.Create(2048);
        var unusual = new CertificateRequest("CN=unusual", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        var now = TimeProvider.System.GetUtcNow();
        var signer = X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pss);
        using var signed = unusual.Create(new X500DistinguishedName("CN=old"), signer, now.AddDays(-1), now.AddDays(9), [1, 2]);
        Refused(signed.ExportCertificatePem(), null, rsa.ExportPkcs8PrivateKeyPem()).ShouldContain("clients want RSA or ECDSA with SHA-256");
    }
}
