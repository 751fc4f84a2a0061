using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;

namespace Stratiform.Management.SystemVms;

/// <summary>Gives system VMs addresses on the management and storage networks. The unique indexes are the arbiters.</summary>
public sealed class SystemVmAddresses(CloudDb db, Addresses addresses)
{
    /// <summary>It has an address of each network that its host's pod has one for; what it has of that pod it keeps.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">A range is full (533), or there is no range at all (534).</exception>
    public async Task TakeAsync(SystemVm vm, CancellationToken ct)
    {
        var pod = await db.Set<Host>().Where(h => h.Id == vm.HostId).Join(db.Set<Pod>(), h => h.PodId, p => p.Id, (_, p) => p).SingleAsync(ct);
        var traffic = await HostNetworks.OfAsync(db, vm.ZoneId, ct);
        var storage = await db.Set<StorageIpRange>().Where(r => r.PodId == pod.Id).OrderBy(r => r.Id).ToListAsync(ct);
        List<Range> ofPod = pod is { StartIp: { } start, EndIp: { } end, Netmask: not null } ? [new(start, end)] : [];
        var others = await db.Set<SystemVm>().Where(v => v.ZoneId == vm.ZoneId && v.Id != vm.Id).Select(v => new { v.ManagementIp, v.StorageIp }).ToListAsync(ct);
        vm.TakeAddresses(
            traffic.Contains(HostNetworks.Management) ? Take(vm.ManagementIp, ofPod, others.Select(o => o.ManagementIp), $"the pod {pod.Name}") : null,
            traffic.Contains(HostNetworks.Storage)
                ? Take(vm.StorageIp, [.. storage.Select(r => new Range(r.StartIp, r.EndIp))], others.Select(o => o.StorageIp), $"the storage network of the pod {pod.Name}")
                : null);
        if (vm.ManagementIp is null && vm.StorageIp is null)
        {
            throw Refusal.Unavailable(
                $"The pod {pod.Name} has no addresses by which hosts reach a system VM: give it a range (updatePod startip, endip) on physical networks "
                + "that carry Management traffic, or a range of its storage network (createStorageNetworkIpRange).");
        }
    }

    private Ipv4Address? Take(Ipv4Address? held, IReadOnlyList<Range> ranges, IEnumerable<Ipv4Address?> taken, string where)
    {
        if (ranges.Count == 0) return null;
        if (held is { } own && ranges.Any(r => r.First <= own.Number && own.Number <= r.Last)) return own;
        var used = taken.Where(ip => ip is not null).Select(ip => ip!.Value.Number).ToHashSet();
        foreach (var range in ranges)
            if (addresses.FreeOf(range.First, range.Last, used) is { } free) return free;
        throw Refusal.Capacity($"All addresses for system VMs of {where} are taken; widen its range.");
    }

    private sealed record Range(uint First, uint Last)
    {
        public Range(IPAddress first, IPAddress last) : this(Ipv4.NumberOf(first), Ipv4.NumberOf(last)) { }
    }
}
