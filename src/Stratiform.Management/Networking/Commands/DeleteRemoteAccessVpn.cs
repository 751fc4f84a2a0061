using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Sends all clients of a remote access VPN away and deletes it; its users stay.</summary>
[Command("Deletes a remote access VPN", AllowedTo.Everyone)]
internal sealed record DeleteRemoteAccessVpn : IAsyncCommand<Success>
{
    [Description("The public address that its clients dial")]
    public required Id<PublicIpAddress> PublicIpId { get; init; }
}

internal sealed class DeleteRemoteAccessVpnHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteRemoteAccessVpn, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteRemoteAccessVpn command, Caller caller, CancellationToken ct)
    {
        var (address, _) = await db.FindHeldAsync(caller, command.PublicIpId, ct);
        var vpn = await db.Set<RemoteAccessVpn>().SingleOrDefaultAsync(v => v.AddressId == address.Id, ct)
            ?? throw Refusal.Parameter($"The public address {address.Address} has no remote access VPN (listRemoteAccessVpns).");
        return new(queue.Enqueue(CloseRemoteAccess.For(vpn), caller.Asks).Id);
    }
}
