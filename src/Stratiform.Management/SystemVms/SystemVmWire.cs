using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>A system VM of any kind as operators see it. So far they are routers.</summary>
[WireName("systemvm")]
public sealed record SystemVmWire
{
    /// <summary>The type of a network's router.</summary>
    public const string RouterType = "domainrouter";

    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("What it is for: domainrouter")]
    public required string SystemVmType { get; init; }

    [Description("Stopped, Starting, Running or Stopping")]
    public required VmState State { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its host's pod's id")]
    public Guid? PodId { get; init; }

    [Description("Its host's pod's name")]
    public string? PodName { get; init; }

    [Description("Its host's id")]
    public Guid? HostId { get; init; }

    [Description("Its host's name")]
    public string? HostName { get; init; }

    [Description("What runs it")]
    public Hypervisor? Hypervisor { get; init; }

    [Description("The public address by which its guests go out")]
    public string? PublicIp { get; init; }

    [Description("Its card's MAC address in the public network")]
    public required string PublicMacAddress { get; init; }

    [Description("Search domain of its guests")]
    public required string NetworkDomain { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class SystemVmWireReader(CloudDb db) : IReadWire<SystemVmWire>
{
    public async Task<IReadOnlyList<SystemVmWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Router>(id)).ToList();
        var rows = await (
            from router in db.Set<Router>().AsNoTracking()
            where keys.Contains(router.Id)
            join network in db.Set<Network>().IgnoreQueryFilters() on router.NetworkId equals network.Id
            join zone in db.Set<Zone>().IgnoreQueryFilters() on router.ZoneId equals zone.Id
            join host in db.Set<Host>() on router.HostId equals host.Id into hosts
            from host in hosts.DefaultIfEmpty()
            join pod in db.Set<Pod>() on host.PodId equals pod.Id into pods
            from pod in pods.DefaultIfEmpty()
            join cluster in db.Set<Cluster>() on host.ClusterId equals cluster.Id into clusters
            from cluster in clusters.DefaultIfEmpty()
            join address in db.Set<PublicIpAddress>().Where(a => a.IsSourceNat) on network.Id equals address.NetworkId into addresses
            from address in addresses.DefaultIfEmpty()
            select new
            {
                Router = router,
                network.NetworkDomain,
                Zone = zone.Name,
                Host = host,
                Pod = pod,
                Hypervisor = (Hypervisor?)cluster.Hypervisor,
                PublicIp = (Ipv4Address?)address.Address,
            }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Router.Id.Value).Select(r => new SystemVmWire
        {
            Id = r.Router.Id.Value,
            Name = r.Router.Name,
            SystemVmType = SystemVmWire.RouterType,
            State = r.Router.State,
            ZoneId = r.Router.ZoneId.Value,
            ZoneName = r.Zone,
            PodId = r.Pod?.Id.Value,
            PodName = r.Pod?.Name,
            HostId = r.Host?.Id.Value,
            HostName = r.Host?.Name,
            Hypervisor = r.Hypervisor,
            PublicIp = r.PublicIp?.ToString(),
            PublicMacAddress = RouterDomain.PublicMacOf(r.Router),
            NetworkDomain = r.NetworkDomain,
            Created = r.Router.CreatedAt,
        })];
    }
}
