using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Removes what is left of a destroyed virtual machine: disks, addresses, the row. There is no way back, so nothing is undone.</summary>
public sealed class ExpungeVm(Machines machines, Hosts hosts, PoolHosts poolHosts, RoutersInStep routers, TimeProvider clock)
    : Workflow<ExpungeVm.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    public sealed record Memory(Id<VirtualMachine> VmId);

    public static Order<ExpungeVm> For(VirtualMachine vm, IReadOnlyList<Subject> subjects) => new()
    {
        State = new Memory(vm.Id),
        Subjects = subjects,
        Overtakes = true,
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkExpunging)
        .Do(RemoveVolumes)
        .Do(ReleaseAddresses)
        .Do(MarkExpunged);

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private async Task MarkExpunging(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        vm.RequireState("expunge", VmState.Destroyed, VmState.Error, VmState.Expunging);
        vm.Become(VmState.Expunging, clock.GetUtcNow());
    }

    private async Task RemoveVolumes(CancellationToken ct)
    {
        foreach (var volume in await machines.VolumesAsync(State.VmId, ct))
        {
            if (volume.PoolId is { } pool)
                await hosts.EnsureAsync(await poolHosts.AnyReachingAsync(pool, ct), volume.Subject, new EnsureNoVolume(pool.Value, volume.Id.Value), ct);
            volume.Expunge(clock.GetUtcNow());
            InCommit((commit, token) => PoolChoice.ReleaseAsync(commit, volume.Id, token));
            InCommit((commit, token) => Limits.ReleaseAsync(commit, volume.Id.Value, token));
        }
    }

    private async Task ReleaseAddresses(CancellationToken ct)
    {
        var nics = await machines.NicsAsync(State.VmId, ct);
        foreach (var nic in nics)
        {
            nic.Remove(clock.GetUtcNow());
            InCommit((commit, token) => NetworkRule.ForgetCardAsync(commit, nic.Id, token));
            InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, nic.NetworkId, token));
        }
        InCommit((commit, token) => machines.LeaveGroupsAsync(commit, State.VmId, token));
        // Nobody waits for them: one that is away learns it when it is back. Sooner than the commit they would learn nothing.
        InCommit((_, token) => routers.BringForwardAsync([.. nics.Select(n => n.NetworkId)], token));
    }

    // One that never became whole was not destroyed before.
    private async Task MarkExpunged(CancellationToken ct)
    {
        (await VmAsync(ct)).Remove(clock.GetUtcNow());
        InCommit((commit, token) => Limits.ReleaseAsync(commit, State.VmId.Value, token));
    }
}
