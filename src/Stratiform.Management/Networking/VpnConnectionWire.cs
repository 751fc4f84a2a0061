using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A VPN connection as clients see it, with what its customer gateway says.</summary>
[WireName("vpnconnection")]
public sealed record VpnConnectionWire
{
    [Description("The connection's id")]
    public required Guid Id { get; init; }

    [Description("The near end: the VPC's VPN gateway")]
    public required Guid S2SVpnGatewayId { get; init; }

    [Description("The near end's public address")]
    public string? PublicIp { get; init; }

    [Description("The far end: the customer gateway")]
    public required Guid S2SCustomerGatewayId { get; init; }

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

    [Description("Whether it waits for the other end to begin")]
    public required bool Passive { get; init; }

    [Description("Pending until a router takes it up, Connecting, Connected, Disconnected, or Error when the router's daemon does not answer")]
    public required VpnState State { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }
}

internal sealed class VpnConnectionWireReader(CloudDb db, IReadWire<VpnCustomerGatewayWire> customers, IReadWire<VpnGatewayWire> gateways) : IReadWire<VpnConnectionWire>
{
    public async Task<IReadOnlyList<VpnConnectionWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VpnConnection>(id)).ToList();
        var rows = await (
            from connection in db.Set<VpnConnection>().AsNoTracking()
            where keys.Contains(connection.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on connection.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on connection.DomainId equals domain.Id
            select new { Connection = connection, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        var far = (await customers.ReadAsync([.. rows.Select(r => r.Connection.CustomerGatewayId.Value).Distinct()], caller, ct)).ToDictionary(g => g.Id);
        var near = (await gateways.ReadAsync([.. rows.Select(r => r.Connection.GatewayId.Value).Distinct()], caller, ct)).ToDictionary(g => g.Id);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Connection.Id.Value).Select(r => Shape(
            r.Connection, near[r.Connection.GatewayId.Value], far[r.Connection.CustomerGatewayId.Value]) with
        {
            Account = r.Account,
            Domain = r.Domain,
            JobId = jobs.On(r.Connection.Id.Value),
            JobStatus = jobs.StatusOn(r.Connection.Id.Value),
        })];
    }

    private static VpnConnectionWire Shape(VpnConnection connection, VpnGatewayWire near, VpnCustomerGatewayWire far) => new()
    {
        Id = connection.Id.Value,
        S2SVpnGatewayId = near.Id,
        PublicIp = near.PublicIp,
        S2SCustomerGatewayId = far.Id,
        Gateway = far.Gateway,
        CidrList = far.CidrList,
        IkePolicy = far.IkePolicy,
        EspPolicy = far.EspPolicy,
        IkeLifetime = far.IkeLifetime,
        EspLifetime = far.EspLifetime,
        Dpd = far.Dpd,
        ForceEncap = far.ForceEncap,
        SplitConnections = far.SplitConnections,
        IkeVersion = far.IkeVersion,
        Passive = connection.IsPassive,
        State = connection.State,
        Account = "",
        DomainId = connection.DomainId.Value,
        Domain = "",
        Created = connection.CreatedAt,
    };
}
