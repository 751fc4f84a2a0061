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

/// <summary>Gives a network or a VPC one more public address.</summary>
[Command("Acquires a public address for a network or a VPC", AllowedTo.Everyone, Shape = "ipaddress")]
internal sealed record AssociateIpAddress : IAsyncCommand<PublicIpWire>
{
    [Description("The network; needed unless vpcid is given or the owner has just one in the zone")]
    public Id<Network>? NetworkId { get; init; }

    [Description("The VPC, instead of a network")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("The zone; a network knows")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("This address and no other, if it is free")]
    public string? IpAddress { get; init; }

    [Description("True for a portable one, which can move to another network or VPC of its owner's")]
    public bool? IsPortable { get; init; }

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
        if (command.VpcId is { } vpc) return await TakeAsync(await db.FindVisibleAsync(caller, vpc, ct, nameof(command.VpcId)), command, caller, ct);
        var network = await NetworkAsync(command, caller, ct);
        if (network.VpcId is { } id) return await TakeAsync(await db.Set<Vpc>().SingleAsync(v => v.Id == id, ct), command, caller, ct);
        await db.RequireServiceAsync(network, NetworkServices.SourceNat, ct);
        commit.Add((into, token) => RoutersInStep.RaiseForChangeAsync(into, network.Id, token));
        return await TakeAsync(network.ScopeId!.Value, network.AccountId, network.ZoneId, command, caller, ct);
    }

    private Task<JobTicket> TakeAsync(Vpc vpc, AssociateIpAddress command, Caller caller, CancellationToken ct)
    {
        commit.Add((into, token) => Vpc.RaiseForChangeAsync(into, vpc, token));
        return TakeAsync(vpc.ScopeId, vpc.AccountId, vpc.ZoneId, command, caller, ct);
    }

    private async Task<JobTicket> TakeAsync(
        Id<RouterScope> scope, Id<Account> account, Id<Zone> zone, AssociateIpAddress command, Caller caller, CancellationToken ct)
    {
        if (command.IsPortable == true) await db.RequireReachedByPortableAsync(zone, ct);
        var of = command.IsPortable == true ? (Id<Zone>?)null : zone;
        var address = command.IpAddress is { } text
            ? await addresses.FreePublicAsync(Ipv4Address.Of(WireIp.Require(text, nameof(command.IpAddress))), of, account, ct)
            : await addresses.FreePublicAsync(of, account, ct);
        var now = clock.GetUtcNow();
        address.Take(scope, now);
        commit.Add((into, token) => Quarantine.EndAsync(into, into.Set<PublicIpAddress>().Where(a => a.Id == address.Id), now, token));
        commit.Add((into, token) => limits.TakeAsync(into, account, address.Id.Value, ResourceKind.PublicIp, 1, token));
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
        if (command.ZoneId is not { } zoneId) throw Refusal.Parameter("Say for which network or VPC: give networkid or vpcid.");
        var zone = await db.FindAsync(caller, zoneId, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var own = await db.Set<Network>().Where(n => n.AccountId == owner.AccountId && n.ZoneId == zone.Id && n.VpcId == null).OrderBy(n => n.Id).Take(2).ToListAsync(ct);
        return own.Count == 1 ? own[0] : throw Refusal.Parameter(own.Count == 0
            ? $"The owner has no network in {zone.Name}; create one (createNetwork) and give networkid."
            : $"The owner has several networks in {zone.Name}; give networkid.");
    }
}
