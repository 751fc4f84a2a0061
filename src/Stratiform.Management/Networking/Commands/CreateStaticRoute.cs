using System.ComponentModel;
using System.Net;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Leads what is sent to a network outside a VPC to somebody in one of its tiers, who forwards it.</summary>
[Command("Creates a static route of a VPC", AllowedTo.Everyone)]
internal sealed record CreateStaticRoute : IAsyncCommand<StaticRouteWire>
{
    [Description("The VPC")]
    public required Id<Vpc> VpcId { get; init; }

    [Description("The network that it leads to, such as 192.168.0.0/24")]
    public required string Cidr { get; init; }

    [Description("Who forwards there: an address of one of the VPC's tiers")]
    public required string NextHop { get; init; }
}

internal sealed class CreateStaticRouteHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateStaticRoute, JobTicket>
{
    // Where no router leads: this host, links, groups of receivers and beyond.
    private static readonly IPNetwork[] Nowhere =
        [IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/3")];

    public async Task<JobTicket> HandleAsync(CreateStaticRoute command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.VpcId, ct);
        var cidr = WireRules.Cidrs([command.Cidr], "cidr")[0];
        if (cidr.PrefixLength == 0 || Nowhere.Any(n => Ipv4.Overlap(n, cidr))) throw Refusal.Parameter($"The network {cidr} is none that a static route can lead to.");
        if (Ipv4.Overlap(cidr, vpc.Cidr)) throw Refusal.Parameter($"The network {cidr} overlaps {vpc.Cidr}, the VPC's own; its router leads there already.");
        var nextHop = Ipv4Address.Of(WireIp.Require(command.NextHop, nameof(command.NextHop)));
        var route = new StaticRoute(vpc, cidr, nextHop, clock.GetUtcNow());
        db.Add(route);
        commit.Add((into, token) => StaticRoute.RequireRoomAsync(into, vpc, route, token));
        return new(queue.Enqueue(ApplyStaticRoute.For(route), caller.Asks).Id, route.Id.Value);
    }
}
