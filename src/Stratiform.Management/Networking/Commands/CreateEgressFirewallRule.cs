using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Makes an exception to what a network's guests may send out.</summary>
[Command("Adds an exception to what a network's guests may send out: lets packets out, or keeps them in where the offering lets all out", AllowedTo.Everyone)]
internal sealed record CreateEgressFirewallRule : IAsyncCommand<FirewallRuleWire>
{
    [Description("The network")]
    public required Id<Network> NetworkId { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port; all ports unless said")]
    public int? StartPort { get; init; }

    [Description("The last port; the first unless said")]
    public int? EndPort { get; init; }

    [Description("Networks that packets come from, within the network; all of it unless said")]
    public IReadOnlyList<string>? CidrList { get; init; }

    [Description("Networks that packets go to; all unless said")]
    public IReadOnlyList<string>? DestCidrList { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }
}

internal sealed class CreateEgressFirewallRuleHandler(CloudDb db, RuleOrders orders, TimeProvider clock) : IHandle<CreateEgressFirewallRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateEgressFirewallRule command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.NetworkId, ct);
        await db.RequireServiceAsync(network, "Firewall", ct);
        var match = WireRules.Packets(command.Protocol, command.StartPort, command.EndPort, command.IcmpType, command.IcmpCode) with
        {
            SourceCidrs = WireRules.Cidrs(command.CidrList, "cidrlist", network.Subnet.Cidr),
            DestinationCidrs = WireRules.Cidrs(command.DestCidrList, "destcidrlist"),
        };
        var outside = match.SourceCidrs.Where(c => c.PrefixLength < network.Subnet.Cidr.PrefixLength || !network.Subnet.Cidr.Contains(c.BaseAddress)).ToList();
        if (outside.Count > 0) throw Refusal.Parameter($"cidrlist {outside[0]} is not within the network {network.Name} ({network.Subnet.Cidr}).");
        return orders.Add(caller, NetworkRule.Egress(network, match, clock.GetUtcNow()));
    }
}
