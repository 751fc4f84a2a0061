using System.ComponentModel;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Brings a virtual machine into one more network, while it runs too.</summary>
[Command("Gives a virtual machine a card in another network", AllowedTo.Everyone)]
internal sealed record AddNicToVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("The network")]
    public required Id<Network> NetworkId { get; init; }

    [Description("The card's address; a free one unless said")]
    public string? IpAddress { get; init; }

    [Description("The card's MAC address; one of its own unless said")]
    public string? MacAddress { get; init; }

    [Description("What the guest is told with the card's address, by number: dhcpoptions[0].dhcp:66=boot.example")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? DhcpOptions { get; init; }
}

internal sealed partial class AddNicToVirtualMachineHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<AddNicToVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AddNicToVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        var network = await db.FindUsableAsync(caller, command.NetworkId, ct);
        vm.RequireState("give a card to", VmState.Running, VmState.Stopped);
        if (network.ZoneId != vm.ZoneId) throw Refusal.Parameter($"The network {network.Name} is not in the zone of {vm.DisplayName}.");
        await db.RequireUsableAsync(network, vm.AccountId, ct);
        var cards = await db.Set<Nic>().Where(n => n.GuestId == vm.Id.Value).ToListAsync(ct);
        GuestCards.RequireNoneIn(network, vm, cards);
        if (cards.Count >= GuestCards.Most) throw Refusal.Parameter($"The virtual machine {vm.DisplayName} has {cards.Count} cards already, the most there can be.");
        await GuestCards.RequireFreeNameAsync(db, vm, [network], ct);
        await db.JoinDefaultAsync(vm, network, clock.GetUtcNow(), ct);
        var ip = command.IpAddress is { } text ? await GuestCards.RequireFreeAsync(db, network, text, ct) : (Ipv4Address?)null;
        var mac = command.MacAddress is { } given ? await MacAsync(given, network, ct) : null;
        var options = GuestOptions.Of(network, command.DhcpOptions.AsFields());
        return new(queue.Enqueue(AddNic.For(vm, network, ip, mac, options), caller.Asks).Id);
    }

    private async Task<string> MacAsync(string text, Network network, CancellationToken ct)
    {
        var mac = text.ToLowerInvariant();
        // An odd first octet is of groups.
        if (!MacShape().IsMatch(mac)) throw Refusal.Parameter($"macaddress {text} is not a MAC address of one card such as 02:00:4c:3a:01:17.");
        return await db.Set<Nic>().AnyAsync(n => n.NetworkId == network.Id && n.Mac == mac, ct)
            ? throw Refusal.Parameter($"The MAC address {text} is taken in {network.Name}.")
            : mac;
    }

    [GeneratedRegex(@"^(?!00:00:00:00:00:00)[0-9a-f][02468ace](:[0-9a-f]{2}){5}\z", RegexOptions.None, 1000)]
    private static partial Regex MacShape();
}
