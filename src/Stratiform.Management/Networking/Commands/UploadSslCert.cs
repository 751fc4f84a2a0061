using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Keeps a certificate with its key for load balancers; the key is not shown again.</summary>
[Command("Uploads a certificate and its private key for load balancers to end TLS by", AllowedTo.Everyone)]
internal sealed record UploadSslCert : ICommand<Shown<SslCertWire>>
{
    [Description("What it is called")]
    [MaxLength(255)]
    public required string Name { get; init; }

    [Description("The certificate, in PEM")]
    [MaxLength(16384)]
    public required string Certificate { get; init; }

    [Description("Its private key, in PEM")]
    [MaxLength(16384)]
    public required string PrivateKey { get; init; }

    [Description("Its issuers in PEM, each followed by its own")]
    [MaxLength(65536)]
    public string? CertChain { get; init; }

    [Description("The private key's password, if it is encrypted")]
    public string? Password { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class UploadSslCertHandler(CloudDb db, Secrets secrets, TimeProvider clock) : IHandle<UploadSslCert, Shown<SslCertWire>>
{
    public async Task<Shown<SslCertWire>> HandleAsync(UploadSslCert command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var now = clock.GetUtcNow();
        var uploaded = UploadedCertificate.Read(command.Certificate, command.CertChain, command.PrivateKey, command.Password, now);
        var certificate = new SslCertificate(command.Name, uploaded, secrets, owner.AccountId, owner.DomainId, now);
        db.Add(certificate);
        return new(certificate.Id.Value);
    }
}
