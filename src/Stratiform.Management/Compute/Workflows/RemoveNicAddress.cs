using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Takes a further address from a card: its guest sends from it no more, then others may have it.</summary>
public sealed class RemoveNicAddress(CloudDb db, Machines machines) : Workflow<RemoveNicAddress.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NicId">The card.</param>
    /// <param name="AddressId">The address.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Nic> NicId, Id<NicAddress> AddressId);

    public static Order<RemoveNicAddress> For(VirtualMachine vm, NicAddress address) => new()
    {
        State = new Memory(vm.Id, address.NicId, address.Id),
        Subjects = [vm.Subject],
        InstanceKind = nameof(NicAddress),
        InstanceId = address.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(HoldBack).Undo(LetThrough)
        .Do(ReleaseAddress);

    private async Task HoldBack(CancellationToken ct)
    {
        if (await db.Set<NicAddress>().AnyAsync(a => a.Id == State.AddressId, ct))
            await machines.EnsureCardAsync(await machines.FindAsync(State.VmId, ct), State.NicId, ct, without: State.AddressId);
    }

    private async Task LetThrough(CancellationToken ct)
    {
        if (await db.Set<NicAddress>().AnyAsync(a => a.Id == State.AddressId, ct) && await machines.FindIfThereAsync(State.VmId, ct) is { } vm)
            await machines.EnsureCardAsync(vm, State.NicId, ct);
    }

    private Task ReleaseAddress(CancellationToken ct)
    {
        InCommit((commit, token) => RuleConflicts.RequireNoneLeadsToAsync(commit, State.AddressId, token));
        InCommit((commit, token) => commit.Set<NicAddress>().Where(a => a.Id == State.AddressId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
        return Task.CompletedTask;
    }
}
