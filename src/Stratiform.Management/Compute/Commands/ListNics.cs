using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The cards of a virtual machine.</summary>
[Command("Lists the network cards of a virtual machine", AllowedTo.Everyone)]
internal sealed record ListNics : ListQuery<NicWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("Lists only this card")]
    public Id<Nic>? NicId { get; init; }

    [Description("Lists only cards in this network")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListNicsHandler(CloudDb db, Lists<NicWire> lists) : IHandle<ListNics, Page<NicWire>>
{
    public async Task<Page<NicWire>> HandleAsync(ListNics command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        var nics = db.Set<Nic>().AsNoTracking().Where(nic => nic.GuestId == vm.Id.Value);
        if (command.NicId is { } id) nics = nics.Where(nic => nic.Id == id);
        if (command.NetworkId is { } network) nics = nics.Where(nic => nic.NetworkId == network);
        if (command.Keyword is { } keyword) nics = nics.Where(nic => EF.Functions.ILike(nic.Mac, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(nics.OrderBy(nic => nic.DeviceId).Select(nic => nic.Id), command, caller, ct);
    }
}
