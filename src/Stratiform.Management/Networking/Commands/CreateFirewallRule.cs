using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets packets in that come to a public address.</summary>
[Command("Lets packets in by a public address", AllowedTo.Everyone)]
internal sealed record CreateFirewallRule : IAsyncCommand<FirewallRuleWire>
{
    [Description("The public address")]
    public required Id<PublicIpAddress> IpAddressId { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port; all ports unless said")]
    public int? StartPort { get; init; }

    [Description("The last port; the first unless said")]
    public int? EndPort { get; init; }

    [Description("Networks that may come in, separated by commas; all unless said")]
    public IReadOnlyList<string>? CidrList { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }
}

internal sealed class CreateFirewallRuleHandler(CloudDb db, RuleOrders orders, TimeProvider clock) : IHandle<CreateFirewallRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateFirewallRule command, Caller caller, CancellationToken ct)
    {
        var (address, network) = await db.FindHeldAsync(caller, command.IpAddressId, ct);
        if (network is null)
            throw Refusal.Parameter($"The public address {address.Address} belongs to a VPC, whose tiers' ACL lists say who may come in; use createNetworkACL.");
        await db.RequireServiceAsync(network, "Firewall", ct);
        var match = WireRules.Packets(command.Protocol, command.StartPort, command.EndPort, command.IcmpType, command.IcmpCode) with
        {
            SourceCidrs = WireRules.Cidrs(command.CidrList, "cidrlist"),
        };
        return orders.Add(caller, NetworkRule.Firewall(network, address, match, clock.GetUtcNow()));
    }
}
