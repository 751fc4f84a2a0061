using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Gives a virtual machine a card in one more network: at once while it runs, else when it starts.</summary>
public sealed class AddNic(CloudDb db, Machines machines, Addresses addresses, RoutersInStep routers, TimeProvider clock) : Workflow<AddNic.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NetworkId">The network.</param>
    /// <param name="NicId">The card.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Network> NetworkId, Id<Nic> NicId)
    {
        /// <summary>The address that was asked for; null for any.</summary>
        public Ipv4Address? Ip { get; init; }

        /// <summary>The MAC that was asked for; null for one of the card's own.</summary>
        public string? Mac { get; init; }

        /// <summary>What the guest is told with its address; null for nothing.</summary>
        public IReadOnlyList<DhcpOption>? Options { get; init; }

        /// <summary>The generation that the network's router must have applied.</summary>
        public IReadOnlyDictionary<Guid, long>? Generations { get; init; }
    }

    public static Order<AddNic> For(VirtualMachine vm, Network network, Ipv4Address? ip = null, string? mac = null, IReadOnlyList<DhcpOption>? options = null) => new()
    {
        State = new Memory(vm.Id, network.Id, Id.New<Nic>()) { Ip = ip, Mac = mac, Options = options },
        Subjects = [vm.Subject],
        InstanceKind = nameof(VirtualMachine),
        InstanceId = vm.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(AddCard).Undo(RemoveCard)
        .Run(NetworkToImplement)
        .Do(TakeAddress)
        .Run(NetworkToPlug)
        .Run(GroupsToTell)
        .Do(PlugCard).Undo(UnplugCard)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private Task<VirtualMachine> VmAsync(CancellationToken ct) => machines.FindAsync(State.VmId, ct);

    private Task<Nic?> NicAsync(CancellationToken ct) => db.Set<Nic>().SingleOrDefaultAsync(n => n.Id == State.NicId, ct);

    private async Task<Network> NetworkAsync(CancellationToken ct) =>
        await db.Set<Network>().SingleOrDefaultAsync(n => n.Id == State.NetworkId, ct)
        ?? throw Refusal.Parameter($"The network {State.NetworkId} was removed.");

    private async Task AddCard(CancellationToken ct)
    {
        if (await NicAsync(ct) is not null) return;
        var (vm, network) = (await VmAsync(ct), await NetworkAsync(ct));
        vm.RequireState("give a card to", VmState.Running, VmState.Stopped);
        var cards = await machines.NicsAsync(vm.Id, ct);
        GuestCards.RequireNoneIn(network, vm, cards);
        var device = Enumerable.Range(0, cards.Count + 1).Except(cards.Select(n => n.DeviceId)).First();
        var nic = new Nic(State.NicId, network, vm.Id.Value, device, isDefault: cards.Count == 0, clock.GetUtcNow());
        nic.DhcpOptions = State.Options ?? [];
        if (State.Mac is { } mac) nic.Mac = mac;
        db.Add(nic);
        InCommit((commit, token) => NetworkPermissions.HoldAsync(commit, network, vm.AccountId, token));
        InCommit((commit, token) => RoutersInStep.RaiseForChangeAsync(commit, network.Id, token));
    }

    private async Task RemoveCard(CancellationToken ct)
    {
        if (await NicAsync(ct) is not { } nic) return;
        nic.Remove(clock.GetUtcNow());
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, nic.NetworkId, token));
    }

    private async Task<bool> RunsAsync(CancellationToken ct) => (await VmAsync(ct)).State == VmState.Running;

    private async Task<IReadOnlyList<Order<ImplementNetwork>>> NetworkToImplement(CancellationToken ct) =>
        await RunsAsync(ct) ? await ImplementNetwork.ForMissingAsync(db, [await NetworkAsync(ct)], ct) : [];

    private async Task TakeAddress(CancellationToken ct)
    {
        var (nic, network) = ((await NicAsync(ct))!, await NetworkAsync(ct));
        if (!network.IsRouted || State.Ip is null && !await RunsAsync(ct)) return;
        if (nic.Ip is null) nic.Take(await addresses.ChooseAsync(network, State.Ip, ct));
        InCommit((commit, token) => Addresses.ClaimAsync(commit, nic.NetworkId, nic.Ip!.Value, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, network.Id, token));
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
    }

    private async Task<IReadOnlyList<Order<PlugNetwork>>> NetworkToPlug(CancellationToken ct) =>
        await VmAsync(ct) is { State: VmState.Running, HostId: { } host } ? await NetworkOnHost.ToPlugAsync(db, [State.NetworkId], host, ct) : [];

    private async Task<IReadOnlyList<Order<ApplyGroups>>> GroupsToTell(CancellationToken ct) => await machines.GroupsToTellAsync(await VmAsync(ct), ct);

    private async Task PlugCard(CancellationToken ct) => await machines.EnsureCardAsync(await VmAsync(ct), State.NicId, ct);

    private async Task UnplugCard(CancellationToken ct)
    {
        if (await machines.FindIfThereAsync(State.VmId, ct) is not { } vm || await NicAsync(ct) is null) return;
        if (!await machines.LetsGoAsync(vm, State.NicId, ct)) throw new TransientException($"the guest {vm.Name} does not let go of its card");
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
