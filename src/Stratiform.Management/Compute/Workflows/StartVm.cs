using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Starts a virtual machine, for the first time or again.</summary>
public sealed class StartVm(
    CloudDb db, Machines machines, Hosts hosts, VmPlacement placement, PoolChoice pools, Addresses addresses, RoutersInStep routers,
    TimeProvider clock)
    : Workflow<StartVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    public sealed record Memory(Id<VirtualMachine> VmId)
    {
        /// <summary>An administrator's wish.</summary>
        public Id<Host>? OnlyHost { get; init; }

        /// <summary>It came from here: a failure leads back.</summary>
        public VmState From { get; init; } = VmState.Stopped;

        /// <summary>Cards that got their address from this workflow.</summary>
        public IReadOnlyList<Id<Nic>> Addressed { get; init; } = [];

        /// <summary>Volumes that got their place from this workflow.</summary>
        public IReadOnlyList<Id<Volume>> Placed { get; init; } = [];

        /// <summary>The generation that each network's router must have applied.</summary>
        public IReadOnlyDictionary<Guid, long>? Generations { get; init; }
    }

    public static async Task<Order<StartVm>> ForAsync(VirtualMachine vm, Machines machines, Id<Host>? onlyHost, CancellationToken ct) =>
        For(vm, await machines.SubjectsAsync(vm, ct), onlyHost);

    public static Order<StartVm> For(VirtualMachine vm, IReadOnlyList<Subject> subjects, Id<Host>? onlyHost) => new()
    {
        State = new Memory(vm.Id) { OnlyHost = onlyHost },
        Subjects = subjects,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStarting).Undo(MarkAsFound)
        .Do(ChooseHost).Undo(LeaveHost)
        .Run(NetworksToImplement)
        .Do(TakeAddresses).Undo(ReleaseAddresses)
        .Run(NetworksToPlug)
        .Run(GroupsToTell)
        .Run(ImagesToCopy)
        .Do(CreateVolumes).Undo(RemoveVolumes)
        .Do(StartDomain).Undo(DestroyDomain)
        .Until(RoutersKnowIt, TimeSpan.FromMinutes(5))
        .Until(DomainIsRunning, TimeSpan.FromMinutes(2))
        .Do(MarkRunning);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task MarkStarting(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.RequireState("start", VmState.Stopped);
        State = State with { From = vm.State };
        vm.Become(VmState.Starting, clock.GetUtcNow());
    }

    // One that never had its disks cannot be started again: its owner destroys it.
    private async Task MarkAsFound(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is not { State: VmState.Starting } vm) return;
        var hasDisks = (await machines.VolumesAsync(vm.Id, ct)).All(v => v.State == VolumeState.Ready);
        vm.Become(hasDisks ? State.From : VmState.Error, clock.GetUtcNow());
    }

    private async Task ChooseHost(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        var volumes = await machines.VolumesAsync(vm.Id, ct);
        var choice = await placement.ChooseAsync(vm, volumes, State.OnlyHost, ct);
        vm.PlaceOn(choice.Host);
        InCommit((commit, token) => Reservations.TakeAsync(commit, choice.Request, choice.Host, token));
        foreach (var (volume, pool) in choice.NewPlaces)
        {
            volume.PlaceOn(pool);
            InCommit((commit, token) => pools.TakeAsync(commit, volume.Id, pool, volume.SizeBytes, token));
        }
        State = State with { Placed = [.. choice.NewPlaces.Select(p => p.Volume.Id)] };
    }

    private async Task LeaveHost(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.LeaveHost();
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, vm.Id.Value, token));
        foreach (var volume in await machines.VolumesAsync(vm.Id, ct))
        {
            if (!State.Placed.Contains(volume.Id)) continue;
            volume.PlaceOn(null);
            InCommit((commit, token) => PoolChoice.ReleaseAsync(commit, volume.Id, token));
        }
    }

    private async Task<IReadOnlyList<Order<ImplementNetwork>>> NetworksToImplement(CancellationToken ct) =>
        await ImplementNetwork.ForMissingAsync(db, await NetworksAsync(ct), ct);

    private async Task TakeAddresses(CancellationToken ct)
    {
        var networks = (await NetworksAsync(ct)).ToDictionary(n => n.Id);
        var addressed = new List<Id<Nic>>();
        foreach (var nic in await machines.NicsAsync(State.VmId, ct))
        {
            if (!networks[nic.NetworkId].IsRouted) continue;
            // Even with an address of old: the router may not know the guest any more.
            InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, nic.NetworkId, token));
            if (nic.Ip is not null) continue;
            nic.Take(await addresses.FreeGuestAddressAsync(networks[nic.NetworkId], ct));
            InCommit((commit, token) => Addresses.ClaimAsync(commit, nic.NetworkId, nic.Ip!.Value, token));
            addressed.Add(nic.Id);
        }
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
        State = State with { Addressed = addressed };
    }

    private async Task ReleaseAddresses(CancellationToken ct)
    {
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
        foreach (var nic in await machines.NicsAsync(State.VmId, ct))
        {
            if (!State.Addressed.Contains(nic.Id)) continue;
            nic.Release();
            InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, nic.NetworkId, token));
        }
    }

    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworksToPlug(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        return await NetworkOnHost.ToPlugAsync(db, await NetworkIdsAsync(ct), vm.HostId!.Value, ct);
    }

    private async Task<IReadOnlyList<Order<ApplyGroups>>> GroupsToTell(CancellationToken ct) => await machines.GroupsToTellAsync(await VmAsync(ct), ct);

    private async Task<IReadOnlyList<Order<CopyImageToPool>>> ImagesToCopy(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        var wanted = (await machines.VolumesAsync(vm.Id, ct)).Where(v => v.State != VolumeState.Ready && v.TemplateId is not null)
            .Select(v => (Template: v.TemplateId!.Value, Pool: v.PoolId!.Value)).Distinct().ToList();
        var copies = wanted.Select(w => PoolImage.IdOf(w.Template, w.Pool)).ToList();
        var ready = await db.Set<PoolImage>().Where(i => copies.Contains(i.Id) && i.Ready).Select(i => i.Id).ToListAsync(ct);
        var iso = vm.IsoId is { } attached ? await machines.IsoToCopyAsync(vm, attached, ct) : [];
        return [.. wanted.Where(w => !ready.Contains(PoolImage.IdOf(w.Template, w.Pool)))
            .Select(w => CopyImageToPool.For(w.Template, w.Pool, vm.HostId!.Value)), .. iso];
    }

    private async Task CreateVolumes(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        foreach (var volume in await machines.VolumesAsync(vm.Id, ct))
        {
            if (volume.State == VolumeState.Ready) continue;
            var message = new EnsureVolume
            {
                PoolId = volume.PoolId!.Value.Value,
                VolumeId = volume.Id.Value,
                SizeBytes = Math.Max(volume.SizeBytes, await ImageSizeAsync(volume, ct)),
                ImageId = volume.TemplateId is { } template ? PoolImage.IdOf(template, volume.PoolId.Value).Value : null,
            };
            var report = await hosts.EnsureAsync(vm.HostId!.Value, volume.Subject, message, ct);
            InCommit((commit, token) => pools.GrowAsync(commit, volume.Id, report.SizeBytes, token));
            InCommit((commit, token) => Limits.SettleAsync(commit, volume.Id.Value, ResourceKind.PrimaryStorage, report.SizeBytes, token));
            volume.MarkReady(report.SizeBytes);
        }
    }

    // Who deployed before the template was read could not know its size.
    private async Task<long> ImageSizeAsync(Volume volume, CancellationToken ct) =>
        await db.Set<Template>().IgnoreQueryFilters().Where(t => t.Id == volume.TemplateId).Select(t => t.VirtualSizeBytes).SingleOrDefaultAsync(ct);

    private async Task RemoveVolumes(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        foreach (var volume in await machines.VolumesAsync(vm.Id, ct))
        {
            if (!State.Placed.Contains(volume.Id)) continue;
            var message = new EnsureNoVolume(volume.PoolId!.Value.Value, volume.Id.Value);
            await hosts.EnsureAsync(vm.HostId!.Value, volume.Subject, message, ct);
            volume.MarkAllocated();
        }
    }

    // Routers learn of a guest all at once, and answer nothing before: it boots meanwhile, and its DHCP client asks again.
    private async Task<bool> RoutersKnowIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(await NetworkIdsAsync(ct), ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task StartDomain(CancellationToken ct) => await machines.EnsureDomainAsync(await VmAsync(ct), ct);

    private async Task DestroyDomain(CancellationToken ct) => await machines.EnsureNoDomainAsync(await VmAsync(ct), ct);

    private async Task<bool> DomainIsRunning(CancellationToken ct) => await machines.RunsAsync(await VmAsync(ct), ct);

    private async Task MarkRunning(CancellationToken ct) => (await VmAsync(ct)).Become(VmState.Running, clock.GetUtcNow());

    private async Task<List<Id<Network>>> NetworkIdsAsync(CancellationToken ct) =>
        [.. (await machines.NicsAsync(State.VmId, ct)).Select(n => n.NetworkId).Distinct()];

    private async Task<List<Network>> NetworksAsync(CancellationToken ct)
    {
        var ids = await NetworkIdsAsync(ct);
        return await db.Set<Network>().Where(n => ids.Contains(n.Id)).ToListAsync(ct);
    }
}
