using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Brings back a virtual machine that should run but whose QEMU died or whose host booted anew.</summary>
public sealed class ReviveVm(CloudDb db, Machines machines) : Workflow<ReviveVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    public sealed record Memory(Id<VirtualMachine> VmId);

    public static Order<ReviveVm> For(Id<VirtualMachine> vm, IReadOnlyList<Subject> subjects) => new()
    {
        State = new Memory(vm),
        Subjects = subjects,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Value,
    };

    // Nothing is taken back: what is wanted stands, and the next look tries again.
    protected override void Define(Plan plan) => plan
        .Do(RequireRunning)
        .Run(NetworksToPlug)
        .Run(GroupsToTell)
        .Do(DestroyDomain)
        .Do(StartDomain)
        .Until(DomainIsRunning, TimeSpan.FromMinutes(2));

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task RequireRunning(CancellationToken ct) => (await VmAsync(ct)).RequireState("revive", VmState.Running);

    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworksToPlug(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        var networks = (await machines.NicsAsync(vm.Id, ct)).Select(n => n.NetworkId).Distinct().ToList();
        return await NetworkOnHost.ToPlugAsync(db, networks, vm.HostId!.Value, ct);
    }

    private async Task<IReadOnlyList<Order<ApplyGroups>>> GroupsToTell(CancellationToken ct) => await machines.GroupsToTellAsync(await VmAsync(ct), ct);

    private async Task DestroyDomain(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        if (!await machines.RunsAsync(vm, ct)) await machines.EnsureNoDomainAsync(vm, ct);
    }

    private async Task StartDomain(CancellationToken ct) => await machines.EnsureDomainAsync(await VmAsync(ct), ct);

    private async Task<bool> DomainIsRunning(CancellationToken ct) => await machines.RunsAsync(await VmAsync(ct), ct);
}
