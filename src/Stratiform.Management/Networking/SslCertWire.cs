using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A certificate of load balancers as clients see it: never its key.</summary>
[WireName("sslcert")]
public sealed record SslCertWire
{
    [Description("The certificate's id")]
    public required Guid Id { get; init; }

    [Description("What it is called")]
    public required string Name { get; init; }

    [Description("The certificate, in PEM")]
    public required string Certificate { get; init; }

    [Description("Its issuers, in PEM; absent when none were sent")]
    public string? CertChain { get; init; }

    [Description("SHA-256 of the certificate, in pairs")]
    public required string Fingerprint { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Ids of the load balancers that serve it")]
    public required IReadOnlyList<string> LoadBalancerRuleList { get; init; }
}

internal sealed class SslCertWireReader(CloudDb db) : IReadWire<SslCertWire>
{
    public async Task<IReadOnlyList<SslCertWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<SslCertificate>(id)).ToList();
        var rows = await (
            from certificate in db.Set<SslCertificate>().AsNoTracking()
            where keys.Contains(certificate.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on certificate.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on certificate.DomainId equals domain.Id
            select new { Certificate = certificate, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var served = await db.Set<LoadBalancer>().AsNoTracking().Where(b => b.CertificateId != null && keys.Contains(b.CertificateId.Value))
            .OrderBy(b => b.RuleId).Select(b => new { b.CertificateId, b.RuleId }).ToListAsync(ct);
        var byCertificate = served.ToLookup(b => b.CertificateId!.Value, b => b.RuleId.ToString());
        return [.. rows.InOrderOf(ids, r => r.Certificate.Id.Value).Select(r => new SslCertWire
        {
            Id = r.Certificate.Id.Value,
            Name = r.Certificate.Name,
            Certificate = r.Certificate.Certificate,
            CertChain = r.Certificate.Chain.Length == 0 ? null : r.Certificate.Chain,
            Fingerprint = r.Certificate.Fingerprint,
            Account = r.Account,
            DomainId = r.Certificate.DomainId.Value,
            Domain = r.Domain,
            LoadBalancerRuleList = [.. byCertificate[r.Certificate.Id]],
        })];
    }
}
