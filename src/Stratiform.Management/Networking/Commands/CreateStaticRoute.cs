using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Leads what is sent to a network outside a VPC to somebody in one of its tiers, or at a private gateway, who forwards it.</summary>
[Command("Creates a static route of a VPC", AllowedTo.Everyone)]
internal sealed record CreateStaticRoute : IAsyncCommand<StaticRouteWire>
{
    [Description("The network that it leads to, such as 192.168.0.0/24")]
    public required string Cidr { get; init; }

    [Description("The private gateway that it leads by")]
    public Id<PrivateGateway>? GatewayId { get; init; }

    [Description("The VPC; that of the private gateway unless said")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("Who forwards there: an address of one of the VPC's tiers, or at a private gateway, which has one unless said")]
    public string? NextHop { get; init; }
}

internal sealed class CreateStaticRouteHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateStaticRoute, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateStaticRoute command, Caller caller, CancellationToken ct)
    {
        var named = command.GatewayId is { } id ? await db.FindVisibleAsync(caller, id, ct, nameof(command.GatewayId)) : null;
        if (command.NextHop is null && named is null) throw Refusal.Missing(caller.Command, "nexthop");
        var vpc = await db.FindVisibleAsync(caller, command.VpcId ?? named?.VpcId ?? throw Refusal.Missing(caller.Command, "vpcid"), ct, nameof(command.VpcId));
        if (named is not null && named.VpcId != vpc.Id) throw Refusal.Parameter($"The private gateway {named.Id} is not of the VPC {vpc.Name} (listPrivateGateways vpcid={vpc.Id}).");
        var cidr = WireRules.Cidrs([command.Cidr], "cidr")[0];
        if (StaticRoute.LeadsNowhere(cidr)) throw Refusal.Parameter($"The network {cidr} is none that a static route can lead to.");
        if (Ipv4.Overlap(cidr, vpc.Cidr)) throw Refusal.Parameter($"The network {cidr} overlaps {vpc.Cidr}, the VPC's own; its router leads there already.");
        var nextHop = Ipv4Address.Of(command.NextHop is { } text ? WireIp.Require(text, nameof(command.NextHop)) : named!.Gateway);
        if (named?.HasNeighbour(nextHop) == false) throw Refusal.Parameter($"nexthop {nextHop} is nobody else in {named.Cidr}, the network of the private gateway.");
        var gateway = named ?? (await db.Set<PrivateGateway>().Where(g => g.VpcId == vpc.Id).ToListAsync(ct)).Find(g => g.HasNeighbour(nextHop));
        var route = new StaticRoute(vpc, cidr, nextHop, clock.GetUtcNow(), gateway);
        db.Add(route);
        commit.Add((into, token) => StaticRoute.RequireRoomAsync(into, vpc, route, token));
        return new(queue.Enqueue(ApplyStaticRoute.For(route), caller.Asks).Id, route.Id.Value);
    }
}
