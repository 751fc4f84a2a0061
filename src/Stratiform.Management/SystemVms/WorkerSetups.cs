using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms;

/// <summary>What workers are to know: their addresses, their zone's stores, the key of its links.</summary>
public sealed class WorkerSetups(CloudDb db, StoreLinks links, Secrets secrets, LiveSettings settings)
{
    /// <summary>Tells a worker its newest setup, and notes it on the worker, saved with the step.</summary>
    public async Task ApplyAsync(SystemVm vm, Hosts hosts, CancellationToken ct)
    {
        // Read before what it covers: a change in between is told early, never missed.
        var wanted = vm.WantedSetup;
        var report = await hosts.EnsureAsync(vm.HostId!.Value, vm.Subject, new EnsureWorker(vm.Id.Value, await OfAsync(vm, ct)), ct);
        if (!report.Answers) throw new TransientException($"the system VM {vm.Name} does not answer");
        vm.WasSetUp(wanted);
    }

    private async Task<WorkerSetup> OfAsync(SystemVm vm, CancellationToken ct)
    {
        var zone = await db.Set<Zone>().AsNoTracking().SingleAsync(z => z.Id == vm.ZoneId, ct);
        var stores = await db.Set<ImageStore>().AsNoTracking().Where(s => s.ZoneId == vm.ZoneId).OrderBy(s => s.Id).ToListAsync(ct);
        return new WorkerSetup
        {
            Nics = [.. await ManagementAsync(vm, ct), .. await StorageAsync(vm, ct), .. await PublicAsync(vm, ct)],
            Resolvers = [zone.Dns1, .. zone.Dns2 is null ? Array.Empty<string>() : [zone.Dns2]],
            Stores = [.. stores.Select(s => s.AddressOf(secrets))],
            LinkKey = await links.KeyAsync(vm.ZoneId, ct),
        };
    }

    private async Task<WorkerNic[]> ManagementAsync(SystemVm vm, CancellationToken ct)
    {
        if (vm.ManagementIp is not { } ip) return [];
        var mask = await db.Set<Host>().Where(h => h.Id == vm.HostId).Join(db.Set<Pod>(), h => h.PodId, p => p.Id, (_, p) => p.Netmask).SingleAsync(ct);
        return [Card(vm.ManagementNicId, ip, mask!, HostNetworks.Mtu)];
    }

    private async Task<WorkerNic[]> StorageAsync(SystemVm vm, CancellationToken ct)
    {
        if (vm.StorageIp is not { } ip) return [];
        var ranges = await db.Set<StorageIpRange>().Where(r => r.ZoneId == vm.ZoneId).ToListAsync(ct);
        var range = ranges.First(r => Ipv4.NumberOf(r.StartIp) <= ip.Number && ip.Number <= Ipv4.NumberOf(r.EndIp));
        return [Card(vm.StorageNicId, ip, range.Netmask, settings.Get(SystemVmSettings.StorageMtu))];
    }

    private async Task<WorkerNic[]> PublicAsync(SystemVm vm, CancellationToken ct)
    {
        var held = await (
            from address in db.Set<PublicIpAddress>()
            where address.SystemVmId == vm.Id.Value
            join range in db.Set<PublicIpRange>() on address.RangeId equals range.Id
            select new { address.Address, range.Netmask, range.Gateway }).SingleAsync(ct);
        return [Card(vm.PublicNicId, held.Address, held.Netmask, HostNetworks.Mtu) with { Gateway = held.Gateway.ToString() }];
    }

    private static WorkerNic Card(Guid id, Ipv4Address ip, System.Net.IPAddress mask, int mtu) =>
        new(Nic.MacOf(id), string.Create(CultureInfo.InvariantCulture, $"{ip}/{Ipv4.PrefixOf(mask)}"), mtu);
}
