using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Gives a card of a stopped virtual machine another address; rules that lead to the card follow it.</summary>
public sealed class SetNicAddress(CloudDb db, Machines machines, Addresses addresses, RoutersInStep routers) : Workflow<SetNicAddress.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NetworkId">The card's network.</param>
    /// <param name="NicId">The card.</param>
    /// <param name="Ip">The address that was asked for; null for any other.</param>
    /// <param name="Changed">True once it has it.</param>
    /// <param name="Before">What it had before.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(
        Id<VirtualMachine> VmId, Id<Network> NetworkId, Id<Nic> NicId, Ipv4Address? Ip, bool Changed = false, Ipv4Address? Before = null,
        IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<SetNicAddress> For(VirtualMachine vm, Nic nic, Ipv4Address? ip) => new()
    {
        State = new Memory(vm.Id, nic.NetworkId, nic.Id, ip),
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(ChangeAddress).Undo(ChangeBack)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private Task<Nic?> NicAsync(CancellationToken ct) => db.Set<Nic>().SingleOrDefaultAsync(n => n.Id == State.NicId, ct);

    private async Task ChangeAddress(CancellationToken ct)
    {
        if (State.Changed) return;
        var nic = await NicAsync(ct) ?? throw Api.Refusal.Parameter("The card was removed meanwhile.");
        (await machines.FindAsync(State.VmId, ct)).RequireState("change an address of", VmState.Stopped);
        var network = await db.Set<Network>().SingleAsync(n => n.Id == nic.NetworkId, ct);
        State = State with { Changed = true, Before = nic.Ip };
        nic.MoveTo(await addresses.ChooseAsync(network, State.Ip, ct));
        InCommit((commit, token) => Addresses.ClaimAsync(commit, nic.NetworkId, nic.Ip!.Value, token));
        InCommit((commit, token) => RoutersInStep.RaiseForChangeAsync(commit, State.NetworkId, token));
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (!State.Changed || await NicAsync(ct) is not { } nic) return;
        nic.MoveTo(State.Before);
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
