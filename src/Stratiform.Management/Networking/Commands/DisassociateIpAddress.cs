using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Gives an acquired public address back, with its rules.</summary>
[Command("Releases a public address with all its rules", AllowedTo.Everyone)]
internal sealed record DisassociateIpAddress : IAsyncCommand<Success>
{
    [Description("The address's id; needed unless ipaddress is given")]
    public Id<PublicIpAddress>? Id { get; init; }

    [Description("The address, written out, instead of its id")]
    public string? IpAddress { get; init; }
}

internal sealed class DisassociateIpAddressHandler(CloudDb db, WorkflowQueue queue) : IHandle<DisassociateIpAddress, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DisassociateIpAddress command, Caller caller, CancellationToken ct)
    {
        var (address, network) = await db.FindHeldAsync(caller, await IdAsync(command, caller, ct), ct, nameof(command.Id));
        if (address.IsSourceNat)
        {
            throw Refusal.Parameter(
                network is null ? $"Guests of the VPC go out by {address.Address}: it belongs to the VPC, and goes when that is deleted."
                : $"Guests of {network.Name} go out by {address.Address}: it belongs to the network, and goes when nothing runs there or the network is deleted.");
        }
        return new(queue.Enqueue(ReleaseAddress.For(address), caller.Asks).Id);
    }

    private async Task<Id<PublicIpAddress>> IdAsync(DisassociateIpAddress command, Caller caller, CancellationToken ct)
    {
        if (command.Id is { } id) return id;
        if (command.IpAddress is not { } text) throw Refusal.Missing(caller.Command, "id");
        var address = Ipv4Address.Of(WireIp.Require(text, nameof(command.IpAddress)));
        var scopes = db.Visible<RouterScope>(caller);
        var found = await db.Set<PublicIpAddress>().Where(a => a.Address == address && scopes.Any(s => s.Id == a.ScopeId))
            .Select(a => (Id<PublicIpAddress>?)a.Id).FirstOrDefaultAsync(ct);
        return found ?? throw Visibility.Unknown(caller, nameof(command.IpAddress), text);
    }
}
