using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Chooses host and pools for a virtual machine together: a host that reaches its disks, or room for those it has yet to get.</summary>
public sealed class VmPlacement(CloudDb db, Planner planner, PoolChoice pools)
{
    /// <summary>Where the virtual machine goes.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Nowhere (533); the text counts why.</exception>
    public async Task<VmPlace> ChooseAsync(
        VirtualMachine vm, IReadOnlyList<Volume> volumes, Id<Host>? onlyHost, CancellationToken ct)
    {
        var offering = await db.Set<ServiceOffering>().IgnoreQueryFilters().SingleAsync(o => o.Id == vm.OfferingId, ct);
        var tags = await TagsAsync(volumes, offering, ct);
        var known = await pools.OfZoneAsync(vm.ZoneId, ct);
        var request = new PlacementRequest
        {
            OwnerId = vm.Id.Value,
            ZoneId = vm.ZoneId,
            Cpus = vm.Cpus,
            CpuMhz = vm.PromisedMhz,
            MemoryMib = vm.MemoryMib,
            HostTags = offering.HostTags,
            OnlyHost = onlyHost,
            LastHost = vm.LastHostId,
            ReachesStorage = host => volumes.All(volume => PoolFor(volume, host, known, tags[volume.Id]) is not null),
        };
        var chosen = await planner.ChooseAsync(request, ct);
        var places = volumes.Where(v => v.PoolId is null).Select(v => (v, PoolFor(v, chosen, known, tags[v.Id])!.Id));
        return new(chosen.Id, request, [.. places]);
    }

    // A disk with an offering of its own goes where that one says.
    private async Task<Dictionary<Id<Volume>, string[]>> TagsAsync(IReadOnlyList<Volume> volumes, ServiceOffering offering, CancellationToken ct)
    {
        var kinds = volumes.Select(v => v.DiskOfferingId).OfType<Id<DiskOffering>>().ToList();
        var known = kinds.Count == 0 ? [] : await db.Set<DiskOffering>().IgnoreQueryFilters().Where(o => kinds.Contains(o.Id)).ToDictionaryAsync(o => o.Id, o => o.Tags, ct);
        return volumes.ToDictionary(v => v.Id, v => v.DiskOfferingId is { } kind ? known[kind] : offering.StorageTags);
    }

    private static PoolCandidate? PoolFor(
        Volume volume, HostCandidate host, IReadOnlyList<PoolCandidate> pools, IReadOnlyList<string> tags)
    {
        var reached = pools.Where(p => p.IsReachedBy(host));
        return volume.PoolId is { } placed
            ? reached.FirstOrDefault(p => p.Id == placed)
            : reached.Where(p => p.FreeBytes >= volume.SizeBytes && tags.All(p.Tags.Contains)).MaxBy(p => p.FreeBytes);
    }
}

/// <summary>Where a virtual machine goes.</summary>
/// <param name="Host">The host.</param>
/// <param name="Request">What was asked, for the reservation.</param>
/// <param name="NewPlaces">Pools for the volumes that had none.</param>
public sealed record VmPlace(Id<Host> Host, PlacementRequest Request, IReadOnlyList<(Volume Volume, Id<StoragePool> Pool)> NewPlaces);
