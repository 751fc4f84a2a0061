using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A customer gateway as clients see it. Its key is told to nobody, those who set it included.</summary>
[WireName("vpncustomergateway")]
public sealed record VpnCustomerGatewayWire
{
    [Description("The customer gateway's id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("The far end's public address")]
    public required string Gateway { get; init; }

    [Description("The networks behind it, separated by commas")]
    public required string CidrList { get; init; }

    [Description("How keys are exchanged")]
    public required string IkePolicy { get; init; }

    [Description("How packets are sealed")]
    public required string EspPolicy { get; init; }

    [Description("Seconds after which keys are exchanged anew")]
    public required long IkeLifetime { get; init; }

    [Description("Seconds after which packets get another key")]
    public required long EspLifetime { get; init; }

    [Description("Whether one looks if the other end is still there")]
    public required bool Dpd { get; init; }

    [Description("Whether packets always go as UDP")]
    public required bool ForceEncap { get; init; }

    [Description("Whether each network has keys of its own")]
    public required bool SplitConnections { get; init; }

    [Description("ike, ikev1 or ikev2")]
    public required string IkeVersion { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }
}

internal sealed class VpnCustomerGatewayWireReader(CloudDb db) : IReadWire<VpnCustomerGatewayWire>
{
    public async Task<IReadOnlyList<VpnCustomerGatewayWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VpnCustomerGateway>(id)).ToList();
        var rows = await (
            from gateway in db.Set<VpnCustomerGateway>().AsNoTracking()
            where keys.Contains(gateway.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on gateway.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on gateway.DomainId equals domain.Id
            select new { Gateway = gateway, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Gateway.Id.Value).Select(r => new VpnCustomerGatewayWire
        {
            Id = r.Gateway.Id.Value,
            Name = r.Gateway.Name,
            Gateway = r.Gateway.Gateway,
            CidrList = r.Gateway.Peer.CidrList,
            IkePolicy = r.Gateway.IkePolicy,
            EspPolicy = r.Gateway.EspPolicy,
            IkeLifetime = r.Gateway.IkeLifetime,
            EspLifetime = r.Gateway.EspLifetime,
            Dpd = r.Gateway.Dpd,
            ForceEncap = r.Gateway.ForceEncap,
            SplitConnections = r.Gateway.SplitConnections,
            IkeVersion = r.Gateway.IkeVersion.ToString().ToLowerInvariant(),
            Account = r.Account,
            DomainId = r.Gateway.DomainId.Value,
            Domain = r.Domain,
            JobId = jobs.On(r.Gateway.Id.Value),
            JobStatus = jobs.StatusOn(r.Gateway.Id.Value),
        })];
    }
}
