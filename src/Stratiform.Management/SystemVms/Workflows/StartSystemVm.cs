using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>Boots a worker, and tells it all it is to know.</summary>
public sealed class StartSystemVm(
    CloudDb db, Hosts hosts, Planner planner, SystemVmAddresses addresses, WorkerSetups setups, LiveSettings settings, TimeProvider clock)
    : Workflow<StartSystemVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="SystemVmId">The worker.</param>
    /// <param name="HostId">Where it starts, once chosen.</param>
    public sealed record Memory(Id<SystemVm> SystemVmId, Id<Host>? HostId = null);

    public static Order<StartSystemVm> For(SystemVm vm) => new()
    {
        State = new Memory(vm.Id),
        Subjects = [vm.Subject],
        InstanceKind = nameof(SystemVm),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkStarting).Undo(MarkStopped)
        .Do(ChooseHost).Undo(ReleaseHost)
        .Do(TakeAddresses)
        .Do(StartDomain).Undo(DestroyDomain)
        .Until(WorkerAnswers, TimeSpan.FromMinutes(5))
        .Do(SetUp)
        .Do(MarkRunning);

    private Subject Subject => new(SubjectKinds.SystemVm, State.SystemVmId.Value);

    private Task<SystemVm?> IfThereAsync(CancellationToken ct) => db.Set<SystemVm>().SingleOrDefaultAsync(v => v.Id == State.SystemVmId, ct);

    private async Task<SystemVm> VmAsync(CancellationToken ct) =>
        await IfThereAsync(ct) ?? throw Refusal.Parameter($"The system VM {State.SystemVmId} was removed.");

    private async Task MarkStarting(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.MarkStarting();
        InCommit((commit, token) => Workers.LoseAsync(commit, vm.Id, clock.GetUtcNow(), token));
        // Its last boot is none of this one's.
        InCommit((commit, token) => commit.Set<WorkerSight>().Where(s => s.WorkerId == vm.Id).ExecuteDeleteAsync(token));
    }

    private async Task MarkStopped(CancellationToken ct)
    {
        if (await IfThereAsync(ct) is not { State: VmState.Starting } vm) return;
        vm.MarkStopped();
        if (Row.Command.Length == 0) await SystemVmEvents.AddBootFailedAsync(db, vm, Row.ErrorText ?? "no reason was given", clock.GetUtcNow(), ct);
    }

    private async Task ChooseHost(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        if (vm.HostId is { } placed)
        {
            State = State with { HostId = placed };
            return;
        }
        var request = new PlacementRequest
        {
            OwnerId = vm.Id.Value,
            ZoneId = vm.ZoneId,
            Cpus = vm.Cpus,
            CpuMhz = vm.CpuMhz * vm.Cpus,
            MemoryMib = vm.MemoryMib,
            Image = SystemVmImage.Of(SystemVmImage.Bits64),
            HostTags = await db.Set<ServiceOffering>().IgnoreQueryFilters().Where(o => o.Id == vm.OfferingId).Select(o => o.HostTags).SingleAsync(ct),
        };
        var host = await planner.ChooseAsync(request, ct);
        InCommit((commit, token) => Reservations.TakeAsync(commit, request, host.Id, token));
        vm.PlaceOn(host.Id);
        State = State with { HostId = host.Id };
    }

    private async Task ReleaseHost(CancellationToken ct)
    {
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, State.SystemVmId.Value, token));
        (await IfThereAsync(ct))?.PlaceOn(null);
        State = State with { HostId = null };
    }

    // They stay with it until it is removed, so there is nothing to undo.
    private async Task TakeAddresses(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        await addresses.TakeAsync(vm, ct);
        InCommit((commit, token) => Addresses.TakeForSystemVmAsync(commit, vm.ZoneId, vm.Id.Value, clock.GetUtcNow(), token));
    }

    private async Task StartDomain(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        // What comes and what is made of it lie there together.
        var largest = (long)Math.Max(settings.Get(ImageSettings.MaxTemplateSize), settings.Get(ImageSettings.MaxVolumeSize)) << 30;
        var domain = SystemVmDomain.Describe(vm, settings.Get(SystemVmSettings.StorageMtu), scratchBytes: 2 * largest);
        await hosts.EnsureAsync(State.HostId!.Value, Subject, new EnsureDomain(domain), ct);
        vm.DomainFence = Row.Fence;
    }

    private async Task DestroyDomain(CancellationToken ct)
    {
        if (State.HostId is { } host) await hosts.EnsureAsync(host, Subject, new EnsureNoDomain(State.SystemVmId.Value), ct);
    }

    private async Task<bool> WorkerAnswers(CancellationToken ct) =>
        (await hosts.ReadAsync(State.HostId!.Value, new ReadWorker(State.SystemVmId.Value), ct)).Answers;

    private async Task SetUp(CancellationToken ct) => await setups.ApplyAsync(await VmAsync(ct), hosts, ct);

    private async Task MarkRunning(CancellationToken ct) => (await VmAsync(ct)).MarkRunning(clock.GetUtcNow());
}
