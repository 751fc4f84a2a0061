using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Gives a card a further address, which its guest sets up inside.</summary>
[Command("Gives a card a further address", AllowedTo.Everyone)]
internal sealed record AddIpToNic : IAsyncCommand<NicAddressWire>
{
    [Description("The card")]
    public required Id<Nic> NicId { get; init; }

    [Description("The address; a free one unless said")]
    public string? IpAddress { get; init; }

    [Description("What it is for")]
    [MaxLength(2048)]
    public string? Description { get; init; }
}

internal sealed class AddIpToNicHandler(CloudDb db, WorkflowQueue queue, LiveSettings settings) : IHandle<AddIpToNic, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AddIpToNic command, Caller caller, CancellationToken ct)
    {
        var (nic, vm) = await db.FindCardAsync(caller, command.NicId, null, ct);
        vm.RequireState("give an address to", VmState.Running, VmState.Stopped);
        var network = await db.FindAsync(caller, nic.NetworkId, ct);
        if (!network.IsRouted) throw Refusal.Parameter($"The network {network.Name} is L2 and gives no addresses; set them inside the guest.");
        var most = settings.Get(NetworkSettings.MostNicAddresses);
        if (await db.Set<NicAddress>().CountAsync(a => a.NicId == nic.Id, ct) >= most)
        {
            throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
                $"The card has {most} further addresses, the most there can be; remove one (removeIpFromNic), or ask an operator to raise {NetworkSettings.MostNicAddresses.Name}."));
        }
        var ip = command.IpAddress is { } text ? await GuestCards.RequireFreeAsync(db, network, text, ct) : (Ipv4Address?)null;
        var id = Id.New<NicAddress>();
        return new(queue.Enqueue(AddNicAddress.For(vm, nic, id, ip, command.Description ?? ""), caller.Asks).Id, id.Value);
    }
}
