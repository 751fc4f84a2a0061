using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Forgets a certificate that no load balancer serves, and its key.</summary>
[Command("Deletes a certificate of load balancers", AllowedTo.Everyone)]
internal sealed record DeleteSslCert : ICommand<Success>
{
    [Description("The certificate")]
    public required Id<SslCertificate> Id { get; init; }
}

internal sealed class DeleteSslCertHandler(CloudDb db) : IHandle<DeleteSslCert, Success>
{
    public async Task<Success> HandleAsync(DeleteSslCert command, Caller caller, CancellationToken ct)
    {
        var certificate = await db.FindVisibleAsync(caller, command.Id, ct);
        var serving = await db.Set<LoadBalancer>().Where(b => b.CertificateId == certificate.Id).Select(b => b.Name).Order().Take(3).ToListAsync(ct);
        if (serving.Count > 0)
            throw Refusal.InUse($"Load balancers serve this certificate ({string.Join(", ", serving)}); take it from them first (removeCertFromLoadBalancer).");
        db.Remove(certificate);
        return new();
    }
}
