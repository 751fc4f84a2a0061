using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>A virtual machine with its disks and cards, for the steps of workflows: reads them and speaks to its host.</summary>
public sealed class Machines(CloudDb db, Hosts hosts, CurrentWorkflow current, GroupsInStep groups, LiveSettings settings)
{
    /// <summary>The virtual machine.</summary>
    /// <exception cref="CloudException">It was expunged while the workflow waited for it.</exception>
    public async Task<VirtualMachine> FindAsync(Id<VirtualMachine> id, CancellationToken ct) =>
        await FindIfThereAsync(id, ct) ?? throw Refusal.Parameter($"The virtual machine {id} was expunged.");

    /// <summary>The virtual machine, or null when it was expunged: for undos, which begin by asking.</summary>
    public Task<VirtualMachine?> FindIfThereAsync(Id<VirtualMachine> id, CancellationToken ct) =>
        db.Set<VirtualMachine>().SingleOrDefaultAsync(v => v.Id == id, ct);

    /// <summary>Its disks in order.</summary>
    public Task<List<Volume>> VolumesAsync(Id<VirtualMachine> id, CancellationToken ct) =>
        db.Set<Volume>().Where(v => v.VirtualMachineId == id.Value).OrderBy(v => v.DeviceId).ToListAsync(ct);

    /// <summary>Its cards in order.</summary>
    public Task<List<Nic>> NicsAsync(Id<VirtualMachine> id, CancellationToken ct) =>
        db.Set<Nic>().Where(n => n.GuestId == id.Value).OrderBy(n => n.DeviceId).ToListAsync(ct);

    /// <summary>Its shares of its account's limits.</summary>
    internal static IReadOnlyList<Share> SharesOf(VirtualMachine vm) =>
    [
        new(vm.Id.Value, ResourceKind.VirtualMachine, 1),
        new(vm.Id.Value, ResourceKind.Cpu, vm.Cpus),
        new(vm.Id.Value, ResourceKind.Memory, vm.MemoryMib),
    ];

    /// <summary>Its domain runs on its host.</summary>
    public async Task EnsureDomainAsync(VirtualMachine vm, CancellationToken ct)
    {
        var spec = GuestDomain.Describe(vm, await VolumesAsync(vm.Id, ct), await CardsAsync(vm.Id, ct), await BootsFromIsoAsync(vm, ct));
        await hosts.EnsureAsync(vm.HostId!.Value, vm.Subject, new EnsureDomain(spec), ct);
        vm.DomainFence = current.FenceFor(vm.Subject);
    }

    private async Task<IReadOnlyList<NicSpec>> CardsAsync(Id<VirtualMachine> id, CancellationToken ct, Id<NicAddress>? without = null)
    {
        var cards = await (
            from nic in db.Set<Nic>()
            join network in db.Set<Network>() on nic.NetworkId equals network.Id
            join offering in db.Set<NetworkOffering>().IgnoreQueryFilters() on network.OfferingId equals offering.Id
            join vm in db.Set<VirtualMachine>() on nic.GuestId equals (Guid)(object)vm.Id
            join size in db.Set<ServiceOffering>().IgnoreQueryFilters() on vm.OfferingId equals size.Id
            where nic.GuestId == id.Value && nic.RemovedAt == null
            orderby nic.DeviceId
            select new
            {
                Nic = nic,
                Network = network,
                offering.ForgedTransmits,
                IsGrouped = offering.Services.Contains(NetworkServices.SecurityGroup),
                Rate = nic.IsDefault ? size.RateMbit : offering.RateMbit,
            }).ToListAsync(ct);
        var ids = cards.Select(card => card.Nic.Id).ToList();
        var further = (await db.Set<NicAddress>().Where(a => ids.Contains(a.NicId) && a.Id != without).OrderBy(a => a.Ip).ToListAsync(ct)).ToLookup(a => a.NicId, a => a.Ip);
        return [.. cards.Select(card => card.Nic.Describe(
            card.Network, isGuarded: !card.ForgedTransmits, card.IsGrouped,
            card.Rate ?? settings.Get(card.Nic.IsDefault ? ComputeSettings.ThrottlingRate : NetworkSettings.ThrottlingRate), [.. further[card.Nic.Id]]))];
    }

    /// <summary>Its domain has the card as it is now; nothing happens while it is off.</summary>
    /// <param name="vm">The virtual machine.</param>
    /// <param name="nic">The card.</param>
    /// <param name="ct">Gives up.</param>
    /// <param name="without">A further address of the card that its guest sends from no more.</param>
    public async Task EnsureCardAsync(VirtualMachine vm, Id<Nic> nic, CancellationToken ct, Id<NicAddress>? without = null)
    {
        if (vm.State != VmState.Running || vm.HostId is not { } host) return;
        await hosts.EnsureAsync(host, vm.Subject, new EnsureNic(vm.Id.Value, await CardAsync(vm, nic, ct, without)), ct);
    }

    /// <summary>Its guest has been asked to let go of the card.</summary>
    /// <returns>True once its domain has it no more; one that is off has none.</returns>
    public async Task<bool> LetsGoAsync(VirtualMachine vm, Id<Nic> nic, CancellationToken ct)
    {
        if (vm.State != VmState.Running || vm.HostId is not { } host) return true;
        return !(await hosts.EnsureAsync(host, vm.Subject, new EnsureNoNic(vm.Id.Value, await CardAsync(vm, nic, ct)), ct)).IsIn;
    }

    private async Task<NicSpec> CardAsync(VirtualMachine vm, Id<Nic> nic, CancellationToken ct, Id<NicAddress>? without = null) =>
        (await CardsAsync(vm.Id, ct, without)).Single(card => card.Id == nic.Value);

    private async Task<bool> BootsFromIsoAsync(VirtualMachine vm, CancellationToken ct) =>
        vm.IsoId is { } iso && await db.Set<Template>().AnyAsync(t => t.Id == iso && t.Bootable, ct);

    /// <summary>In the commit that gives it a host, an address or a card, or takes one from it: hosts learn what that means for security groups.</summary>
    public Task TellGroupsAsync(DbContext commit, Id<VirtualMachine> id, CancellationToken ct) => groups.GuestChangedAsync(commit, id, ct);

    /// <summary>In the commit that ends it: it is in no group any more.</summary>
    public async Task LeaveGroupsAsync(DbContext commit, Id<VirtualMachine> id, CancellationToken ct)
    {
        await TellGroupsAsync(commit, id, ct);
        await commit.Set<GroupMember>().Where(m => m.VmId == id).ExecuteDeleteAsync(ct);
    }

    /// <summary>What its host has to be told of security groups before the domain or the card can be there.</summary>
    public async Task<IReadOnlyList<Order<ApplyGroups>>> GroupsToTellAsync(VirtualMachine vm, CancellationToken ct) =>
        vm.HostId is { } host ? await groups.ToTellAsync(host, ct) : [];

    /// <summary>The copy of an ISO that its drive needs and that its pool has yet to get.</summary>
    public async Task<IReadOnlyList<Order<CopyImageToPool>>> IsoToCopyAsync(VirtualMachine vm, Id<Template> iso, CancellationToken ct)
    {
        var place = GuestDomain.PlaceOf(iso, await VolumesAsync(vm.Id, ct));
        var (copy, pool) = (new Id<PoolImage>(place.ImageId), new Id<StoragePool>(place.PoolId));
        return await db.Set<PoolImage>().AnyAsync(i => i.Id == copy && i.Ready, ct) ? [] : [CopyImageToPool.For(iso, pool, vm.HostId!.Value)];
    }

    /// <summary>The drive of its domain holds the ISO, or nothing; nothing happens while it is off.</summary>
    public async Task EnsureInDriveAsync(VirtualMachine vm, Id<Template>? iso, bool forced, CancellationToken ct)
    {
        if (vm.State != VmState.Running || vm.HostId is not { } host) return;
        var place = iso is { } wanted ? GuestDomain.PlaceOf(wanted, await VolumesAsync(vm.Id, ct)) : null;
        await hosts.EnsureAsync(host, vm.Subject, new EnsureCdrom(vm.Id.Value, place, forced), ct);
    }

    /// <summary>Its domain is gone from its host; nothing happens when it has none.</summary>
    public async Task EnsureNoDomainAsync(VirtualMachine vm, CancellationToken ct)
    {
        if (vm.HostId is { } host) await hosts.EnsureAsync(host, vm.Subject, new EnsureNoDomain(vm.Id.Value), ct);
    }

    /// <summary>Its guest has been asked to shut down.</summary>
    /// <returns>True once it is off.</returns>
    public async Task<bool> ShutsDownAsync(VirtualMachine vm, CancellationToken ct)
    {
        if (vm.HostId is not { } host) return true;
        var report = await hosts.EnsureAsync(host, vm.Subject, new EnsureShutdown(vm.Id.Value), ct);
        return report.Power is not (PowerState.Running or PowerState.Paused);
    }

    /// <summary>Whether its domain runs.</summary>
    public async Task<bool> RunsAsync(VirtualMachine vm, CancellationToken ct) =>
        vm.HostId is { } host && (await hosts.ReadAsync(host, new ReadDomain(vm.Id.Value), ct)).Power == PowerState.Running;

    /// <summary>Whether its domain may still be on; a host that does not answer proves nothing.</summary>
    public async Task<bool> MayBeOnAsync(VirtualMachine vm, CancellationToken ct)
    {
        if (vm.HostId is not { } host) return false;
        try
        {
            return (await hosts.ReadAsync(host, new ReadDomain(vm.Id.Value), ct)).Power is PowerState.Running or PowerState.Paused;
        }
        catch (TransientException)
        {
            return true;
        }
    }

    /// <summary>What workflows that touch its disks hold: itself and each of them.</summary>
    public async Task<IReadOnlyList<Subject>> SubjectsAsync(VirtualMachine vm, CancellationToken ct) =>
        [vm.Subject, .. (await VolumesAsync(vm.Id, ct)).Select(v => v.Subject)];
}
