using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Takes a card from a virtual machine; while it runs, its guest has to let go of it.</summary>
public sealed class RemoveNic(CloudDb db, Machines machines, RoutersInStep routers, TimeProvider clock) : Workflow<RemoveNic.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NetworkId">The card's network.</param>
    /// <param name="NicId">The card.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Network> NetworkId, Id<Nic> NicId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<RemoveNic> For(VirtualMachine vm, Nic nic) => new()
    {
        State = new Memory(vm.Id, nic.NetworkId, nic.Id),
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NothingNeedsIt)
        .Until(GuestLetsGo, TimeSpan.FromSeconds(30)).Undo(PlugCard)
        .Do(ForgetCard)
        .Until(RouterForgotIt, TimeSpan.FromMinutes(5));

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private Task<Nic?> NicAsync(CancellationToken ct) => db.Set<Nic>().SingleOrDefaultAsync(n => n.Id == State.NicId, ct);

    private async Task NothingNeedsIt(CancellationToken ct)
    {
        var vm = await VmAsync(ct);
        var nic = await NicAsync(ct) ?? throw Api.Refusal.Parameter("The card was removed meanwhile.");
        await GuestCards.RequireSpareAsync(db, vm, nic, ct);
    }

    private async Task<bool> GuestLetsGo(CancellationToken ct) => await machines.LetsGoAsync(await VmAsync(ct), State.NicId, ct);

    private async Task PlugCard(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is { } vm && await NicAsync(ct) is not null) await machines.EnsureCardAsync(vm, State.NicId, ct);
    }

    // Rules that somebody made meanwhile lead nowhere any more.
    private async Task ForgetCard(CancellationToken ct)
    {
        (await NicAsync(ct))?.Remove(clock.GetUtcNow());
        InCommit((commit, token) => NetworkRule.ForgetCardAsync(commit, State.NicId, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
    }

    private async Task<bool> RouterForgotIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
