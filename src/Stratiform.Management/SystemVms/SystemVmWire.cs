using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>A system VM of any kind as operators see it.</summary>
[WireName("systemvm")]
public sealed record SystemVmWire
{
    /// <summary>The type of a network's router.</summary>
    public const string RouterType = "domainrouter";

    /// <summary>The type of a zone's worker.</summary>
    public const string WorkerType = SystemOfferings.WorkerType;

    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("What it is for: secondarystoragevm or domainrouter")]
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

    [Description("Up once it knows what to work for; Down before, or off")]
    public string? AgentState { get; init; }

    [Description("Its address on the management network")]
    public string? PrivateIp { get; init; }

    [Description("Its address on the storage network")]
    public string? StorageIp { get; init; }

    [Description("Its public address; a router's is that by which its guests go out")]
    public string? PublicIp { get; init; }

    [Description("Its card's MAC address in the public network")]
    public required string PublicMacAddress { get; init; }

    [Description("Id of the offering that a secondary storage VM is made of")]
    public Guid? ServiceOfferingId { get; init; }

    [Description("Name of that offering")]
    public string? ServiceOfferingName { get; init; }

    [Description("x86_64 or i386; absent while a router is stopped and a setting says")]
    public string? Arch { get; init; }

    [Description("Search domain of a router's guests")]
    public string? NetworkDomain { get; init; }

    [Description("Transfers that a secondary storage VM has")]
    public int? ActiveTransferSessions { get; init; }

    [Description("Bytes that a secondary storage VM has brought into stores since it booted")]
    public long? TransferBytesIn { get; init; }

    [Description("Bytes that a secondary storage VM has served since it booted")]
    public long? TransferBytesOut { get; init; }

    [Description("Memory of a secondary storage VM's program, bytes")]
    public long? AgentMemory { get; init; }

    [Description("Version of a secondary storage VM's program")]
    public string? Version { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class SystemVmWireReader(CloudDb db, IRouterOfferings offerings) : IReadWire<SystemVmWire>
{
    public async Task<IReadOnlyList<SystemVmWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        List<SystemVmWire> shapes = [.. await WorkersAsync(ids, ct), .. await RoutersAsync(ids, ct)];
        var places = await PlacesAsync([.. shapes.Select(s => s.HostId).OfType<Guid>().Distinct()], ct);
        return [.. shapes.InOrderOf(ids, s => s.Id).Select(s => s.HostId is { } host && places.TryGetValue(host, out var place)
            ? s with { HostName = place.Host, PodId = place.PodId, PodName = place.Pod, Hypervisor = place.Hypervisor }
            : s)];
    }

    private async Task<IEnumerable<SystemVmWire>> WorkersAsync(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<SystemVm>(id)).ToList();
        var rows = await (
            from vm in db.Set<SystemVm>().IgnoreQueryFilters().AsNoTracking()
            where keys.Contains(vm.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on vm.ZoneId equals zone.Id
            join offering in db.Set<ServiceOffering>().IgnoreQueryFilters() on vm.OfferingId equals offering.Id
            join address in db.Set<PublicIpAddress>() on (Guid?)(object)vm.Id equals address.SystemVmId into addresses
            from address in addresses.DefaultIfEmpty()
            join sight in db.Set<WorkerSight>() on vm.Id equals sight.WorkerId into sights
            from sight in sights.DefaultIfEmpty()
            select new { Vm = vm, Zone = zone.Name, Offering = offering.Name, PublicIp = (Ipv4Address?)address.Address, Sight = sight }).ToListAsync(ct);
        return rows.Select(r => new SystemVmWire
        {
            Id = r.Vm.Id.Value,
            Name = r.Vm.Name,
            SystemVmType = SystemVmWire.WorkerType,
            State = r.Vm.State,
            ZoneId = r.Vm.ZoneId.Value,
            ZoneName = r.Zone,
            HostId = r.Vm.HostId?.Value,
            AgentState = r.Vm is { State: VmState.Running, AppliedSetup: > 0 } ? "Up" : "Down",
            PrivateIp = r.Vm.ManagementIp?.ToString(),
            StorageIp = r.Vm.StorageIp?.ToString(),
            PublicIp = r.PublicIp?.ToString(),
            PublicMacAddress = Nic.MacOf(r.Vm.PublicNicId),
            ServiceOfferingId = r.Vm.OfferingId.Value,
            ServiceOfferingName = r.Offering,
            Arch = SystemVmImage.Bits64,
            ActiveTransferSessions = r.Vm.Sessions,
            TransferBytesIn = r.Sight?.BytesIn,
            TransferBytesOut = r.Sight?.BytesOut,
            AgentMemory = r.Sight?.MemoryBytes,
            Version = r.Sight?.Version,
            Created = r.Vm.CreatedAt,
        });
    }

    private async Task<IEnumerable<SystemVmWire>> RoutersAsync(IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Router>(id)).ToList();
        var rows = await (
            from router in db.Set<Router>().AsNoTracking()
            where keys.Contains(router.Id)
            let domain = db.Set<Network>().IgnoreQueryFilters().Where(n => n.ScopeId == router.ScopeId).Select(n => n.NetworkDomain).FirstOrDefault()
            join zone in db.Set<Zone>().IgnoreQueryFilters() on router.ZoneId equals zone.Id
            join address in db.Set<PublicIpAddress>().Where(a => a.IsSourceNat) on router.ScopeId equals address.ScopeId into addresses
            from address in addresses.DefaultIfEmpty()
            select new { Router = router, NetworkDomain = domain, Zone = zone.Name, PublicIp = (Ipv4Address?)address.Address }).ToListAsync(ct);
        var made = await offerings.NamesAsync([.. rows.Select(r => r.Router.Made.OfferingId).Distinct()], ct);
        return rows.Select(r => new SystemVmWire
        {
            Id = r.Router.Id.Value,
            Name = r.Router.Name,
            SystemVmType = SystemVmWire.RouterType,
            State = r.Router.State,
            ZoneId = r.Router.ZoneId.Value,
            ZoneName = r.Zone,
            HostId = r.Router.HostId?.Value,
            PublicIp = r.PublicIp?.ToString(),
            PublicMacAddress = RouterDomain.PublicMacOf(r.Router),
            ServiceOfferingId = r.Router.Made.OfferingId,
            ServiceOfferingName = made.GetValueOrDefault(r.Router.Made.OfferingId),
            Arch = r.Router.Arch,
            NetworkDomain = r.NetworkDomain,
            Created = r.Router.CreatedAt,
        });
    }

    private async Task<Dictionary<Guid, Place>> PlacesAsync(IReadOnlyList<Guid> hosts, CancellationToken ct)
    {
        var keys = hosts.Select(id => new Id<Host>(id)).ToList();
        return await (
            from host in db.Set<Host>()
            where keys.Contains(host.Id)
            join pod in db.Set<Pod>() on host.PodId equals pod.Id
            join cluster in db.Set<Cluster>() on host.ClusterId equals cluster.Id
            select new { host.Id, Place = new Place(host.Name, pod.Id.Value, pod.Name, cluster.Hypervisor) }).ToDictionaryAsync(r => r.Id.Value, r => r.Place, ct);
    }

    private sealed record Place(string Host, Guid PodId, string Pod, Hypervisor Hypervisor);
}
