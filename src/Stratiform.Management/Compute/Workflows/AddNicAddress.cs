using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Workflows;

/// <summary>Gives a card a further address, and lets its guest send from it: at once while it runs.</summary>
public sealed class AddNicAddress(CloudDb db, Machines machines, Addresses addresses, TimeProvider clock) : Workflow<AddNicAddress.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VmId">The virtual machine.</param>
    /// <param name="NicId">The card.</param>
    /// <param name="AddressId">The address.</param>
    /// <param name="Ip">What was asked for; null for any.</param>
    /// <param name="Description">What it is for, in its owner's words.</param>
    public sealed record Memory(Id<VirtualMachine> VmId, Id<Nic> NicId, Id<NicAddress> AddressId, Ipv4Address? Ip, string Description);

    public static Order<AddNicAddress> For(VirtualMachine vm, Nic nic, Id<NicAddress> address, Ipv4Address? ip, string description = "") => new()
    {
        State = new Memory(vm.Id, nic.Id, address, ip, description),
        Subjects = [vm.Subject],
        InstanceKind = nameof(NicAddress),
        InstanceId = address.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeAddress).Undo(ReleaseAddress)
        .Do(LetThrough).Undo(LetThroughAsBefore);

    private Task<NicAddress?> AddressAsync(CancellationToken ct) => db.Set<NicAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId, ct);

    private async Task TakeAddress(CancellationToken ct)
    {
        if (await AddressAsync(ct) is not null) return;
        var nic = await db.Set<Nic>().SingleOrDefaultAsync(n => n.Id == State.NicId, ct) ?? throw Api.Refusal.Parameter("The card was removed meanwhile.");
        var network = await db.Set<Network>().SingleAsync(n => n.Id == nic.NetworkId, ct);
        var address = new NicAddress(State.AddressId, nic, await addresses.ChooseAsync(network, State.Ip, ct), clock.GetUtcNow())
        {
            Description = State.Description,
        };
        db.Add(address);
        InCommit((commit, token) => Addresses.ClaimAsync(commit, network.Id, address.Ip, token));
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
    }

    private async Task ReleaseAddress(CancellationToken ct)
    {
        if (await AddressAsync(ct) is not { } address) return;
        db.Remove(address);
        InCommit((commit, token) => machines.TellGroupsAsync(commit, State.VmId, token));
    }

    private async Task LetThrough(CancellationToken ct) => await machines.EnsureCardAsync(await machines.FindAsync(State.VmId, ct), State.NicId, ct);

    private async Task LetThroughAsBefore(CancellationToken ct)
    {
        if (await AddressAsync(ct) is { } address && await machines.FindIfThereAsync(State.VmId, ct) is { } vm)
            await machines.EnsureCardAsync(vm, State.NicId, ct, without: address.Id);
    }
}
