using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Spreads what comes to a port of a public address among guests, which are assigned to it later.</summary>
[Command("Creates a load balancer on a port of a public address", AllowedTo.Everyone, Shape = "loadbalancer")]
internal sealed record CreateLoadBalancerRule : IAsyncCommand<LoadBalancerRuleWire>
{
    [Description("The load balancer's name")]
    [MaxLength(255)]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public string? Description { get; init; }

    [Description("The public address")]
    public Id<PublicIpAddress>? PublicIpId { get; init; }

    [Description("The port of the public address")]
    public required int PublicPort { get; init; }

    [Description("The port of its members")]
    public required int PrivatePort { get; init; }

    [Description("roundrobin, leastconn or source")]
    public required string Algorithm { get; init; }

    [Description("tcp, tcp-proxy to tell members the client's address by the PROXY protocol, or ssl to end HTTPS by a certificate that is assigned later; tcp unless said")]
    public string? Protocol { get; init; }

    [Description("The network of the public address; the tier, where a VPC holds it")]
    public Id<Network>? NetworkId { get; init; }

    [Description("False opens no firewall rule for it: createFirewallRule does; there are none in VPCs")]
    public bool? OpenFirewall { get; init; }

    [Description("Networks that the firewall rule lets in, separated by commas; all unless said")]
    public IReadOnlyList<string>? CidrList { get; init; }
}

internal sealed class CreateLoadBalancerRuleHandler(CloudDb db, RuleOrders orders, TimeProvider clock) : IHandle<CreateLoadBalancerRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateLoadBalancerRule command, Caller caller, CancellationToken ct)
    {
        if (command.PublicIpId is not { } publicIpId) throw Refusal.Missing(caller.Command, "publicipid");
        var (address, network) = await db.FindForRulesAsync(caller, publicIpId, command.NetworkId, ct);
        await db.RequireLbAsync(network, isInternal: false, ct);
        var opens = PublicAddresses.OpensFirewall(network, command.OpenFirewall, command.CidrList);
        var port = WireRules.Port(command.PublicPort, "publicport");
        var match = new RuleMatch
        {
            Protocol = "tcp",
            StartPort = port,
            EndPort = port,
            SourceCidrs = WireRules.Cidrs(command.CidrList, "cidrlist"),
        };
        var now = clock.GetUtcNow();
        var rule = NetworkRule.Balancing(network, address, match, WireRules.Port(command.PrivatePort, "privateport"), now);
        db.Add(new LoadBalancer(rule, command.Name, WireBalancers.Protocol(command.Protocol), WireBalancers.Algorithm(command.Algorithm))
        {
            Description = command.Description ?? "",
        });
        return opens ? orders.Add(caller, rule, rule.Opening(network, address, now)) : orders.Add(caller, rule);
    }
}
