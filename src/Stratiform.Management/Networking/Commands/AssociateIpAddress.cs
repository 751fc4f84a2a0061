using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Gives a network one more public address.</summary>
[Command("Acquires a public address for a network", AllowedTo.Everyone, Shape = "ipaddress")]
internal sealed record AssociateIpAddress : IAsyncCommand<PublicIpWire>
{
    [Description("The network; needed unless the owner has just one in the zone")]
    public Id<Network>? NetworkId { get; init; }

    [Description("The zone; a network knows")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("This address and no other, if it is free")]
    public string? IpAddress { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class AssociateIpAddressHandler(
    CloudDb db, Addresses addresses, Limits limits, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<AssociateIpAddress, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AssociateIpAddress command, Caller caller, CancellationToken ct)
    {
        var network = await NetworkAsync(command, caller, ct);
        await db.RequireServiceAsync(network, "SourceNat", ct);
        var address = command.IpAddress is { } text
            ? await ThisAsync(Ipv4Address.Of(WireIp.Require(text, nameof(command.IpAddress))), network, ct)
            : await addresses.FreePublicAsync(network.ZoneId, ct);
        address.Take(network.ScopeId!.Value, clock.GetUtcNow());
        commit.Add((into, token) => RoutersInStep.RaiseForChangeAsync(into, network.Id, token));
        commit.Add((into, token) => limits.TakeAsync(into, network.AccountId, address.Id.Value, ResourceKind.PublicIp, 1, token));
        return new(queue.Enqueue(AcquireAddress.For(address), caller.Asks).Id, address.Id.Value);
    }

    private async Task<Network> NetworkAsync(AssociateIpAddress command, Caller caller, CancellationToken ct)
    {
        if (command.NetworkId is { } id)
        {
            var asked = await db.FindVisibleAsync(caller, id, ct);
            var elsewhere = command.ZoneId is { } said && said != asked.ZoneId;
            return elsewhere ? throw Refusal.Parameter($"The network {asked.Name} is not in that zone; leave zoneid out.") : asked;
        }
        if (command.ZoneId is not { } zoneId) throw Refusal.Parameter("Say for which network: give networkid.");
        var zone = await db.FindAsync(caller, zoneId, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var own = await db.Set<Network>().Where(n => n.AccountId == owner.AccountId && n.ZoneId == zone.Id).OrderBy(n => n.Id).Take(2).ToListAsync(ct);
        return own.Count == 1 ? own[0] : throw Refusal.Parameter(own.Count == 0
            ? $"The owner has no network in {zone.Name}; create one (createNetwork) and give networkid."
            : $"The owner has several networks in {zone.Name}; give networkid.");
    }

    private async Task<PublicIpAddress> ThisAsync(Ipv4Address address, Network network, CancellationToken ct)
    {
        var found = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.ZoneId == network.ZoneId && a.Address == address, ct)
            ?? throw Refusal.Parameter($"The zone has no public address {address}.");
        return found is { ScopeId: null, SystemVmId: null } ? found : throw Refusal.Conflict($"The public address {address} is taken; leave ipaddress out to get any free one.");
    }
}
