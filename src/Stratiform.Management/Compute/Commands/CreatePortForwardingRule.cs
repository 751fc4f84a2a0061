using System.ComponentModel;
using System.Globalization;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Leads ports of a public address to a virtual machine.</summary>
[Command("Leads ports of a public address to a virtual machine", AllowedTo.Everyone)]
internal sealed record CreatePortForwardingRule : IAsyncCommand<PortForwardingRuleWire>
{
    [Description("The public address")]
    public required Id<PublicIpAddress> IpAddressId { get; init; }

    [Description("tcp or udp")]
    public required string Protocol { get; init; }

    [Description("The first port of the public address")]
    public required int PublicPort { get; init; }

    [Description("The last port of the public address; the first unless said")]
    public int? PublicEndPort { get; init; }

    [Description("The first port of the virtual machine")]
    public required int PrivatePort { get; init; }

    [Description("The last port of the virtual machine; there are as many as public ones")]
    public int? PrivateEndPort { get; init; }

    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("The virtual machine's address, if it has several")]
    public string? VmGuestIp { get; init; }

    [Description("The network of the public address; the tier, where a VPC holds it")]
    public Id<Network>? NetworkId { get; init; }

    [Description("False opens no firewall rule for it: createFirewallRule does; there are none in VPCs")]
    public bool? OpenFirewall { get; init; }

    [Description("Networks that the firewall rule lets in, separated by commas; all unless said")]
    public IReadOnlyList<string>? CidrList { get; init; }
}

internal sealed class CreatePortForwardingRuleHandler(CloudDb db, RuleOrders orders, TimeProvider clock) : IHandle<CreatePortForwardingRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreatePortForwardingRule command, Caller caller, CancellationToken ct)
    {
        var (address, network) = await db.FindForRulesAsync(caller, command.IpAddressId, command.NetworkId, ct);
        await db.RequireServiceAsync(network, "PortForwarding", ct);
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        var to = await GuestCards.TargetAsync(db, vm, network, command.VmGuestIp, ct);
        var protocol = WireRules.Protocol(command.Protocol);
        if (protocol is not ("tcp" or "udp")) throw Refusal.Parameter($"protocol {command.Protocol} has no ports to forward; use tcp or udp, or static NAT (enableStaticNat).");
        var opens = PublicAddresses.OpensFirewall(network, command.OpenFirewall, command.CidrList);
        var ports = ForwardedPorts.Of(command.PublicPort, command.PublicEndPort, command.PrivatePort, command.PrivateEndPort);
        var match = new RuleMatch
        {
            Protocol = protocol,
            StartPort = ports.PublicStart,
            EndPort = ports.PublicEnd,
            SourceCidrs = WireRules.Cidrs(command.CidrList, "cidrlist"),
        };
        var now = clock.GetUtcNow();
        var rule = NetworkRule.Forwarding(network, address, match, new(to, ports.PrivateStart, ports.PrivateEnd), now);
        return opens ? orders.Add(caller, rule, rule.Opening(network, address, now)) : orders.Add(caller, rule);
    }
}

/// <summary>Ports of a public address, and as many of a virtual machine.</summary>
internal sealed record ForwardedPorts(int PublicStart, int PublicEnd, int PrivateStart, int PrivateEnd)
{
    /// <summary>As clients send them.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">They do not go together (431).</exception>
    public static ForwardedPorts Of(int publicStart, int? publicEnd, int privateStart, int? privateEnd)
    {
        var start = WireRules.Port(publicStart, "publicport");
        var end = WireRules.Last(start, publicEnd, "publicport", "publicendport");
        var inner = WireRules.Port(privateStart, "privateport");
        var innerEnd = WireRules.Last(inner, privateEnd ?? inner + end - start, "privateport", "privateendport");
        var (count, innerCount) = (end - start + 1, innerEnd - inner + 1);
        if (count != innerCount)
        {
            throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
                $"{count} public ports cannot lead to {innerCount} private ones; give as many of both."));
        }
        return start == inner || count <= RouterFirewall.MostShifted
            ? new(start, end, inner, innerEnd)
            : throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
                $"{count} ports cannot lead to ports of other numbers, {RouterFirewall.MostShifted} can; use the same numbers inside, or several rules."));
    }
}
