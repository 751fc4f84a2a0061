using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Leads a port forwarding rule's ports to another virtual machine or to other ports of it; nothing else changes.</summary>
[Command("Updates where a port forwarding rule leads", AllowedTo.Everyone)]
internal sealed record UpdatePortForwardingRule : IAsyncCommand<PortForwardingRuleWire>
{
    [Description("The rule")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("The first port of the virtual machine")]
    public int? PrivatePort { get; init; }

    [Description("The last port of the virtual machine")]
    public int? PrivateEndPort { get; init; }

    [Description("Another virtual machine")]
    public Id<VirtualMachine>? VirtualMachineId { get; init; }

    [Description("The virtual machine's address, if it has several")]
    public string? VmGuestIp { get; init; }
}

internal sealed class UpdatePortForwardingRuleHandler(CloudDb db, RuleOrders orders) : IHandle<UpdatePortForwardingRule, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdatePortForwardingRule command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindRuleAsync(caller, command.Id, RulePurpose.PortForwarding, ct);
        if (rule.State != RuleState.Active) throw Refusal.Conflict($"The rule is on its way ({rule.State}); wait for its job, then change it.");
        var to = rule.Target.To;
        if (command.VirtualMachineId is { } id)
        {
            var vm = await db.FindVisibleAsync(caller, id, ct, nameof(command.VirtualMachineId));
            var network = await db.FindVisibleAsync(caller, rule.NetworkId, ct, nameof(command.Id));
            to = await GuestCards.TargetAsync(db, vm, network, command.VmGuestIp, ct);
        }
        var start = command.PrivatePort ?? rule.Target.StartPort;
        var end = command.PrivateEndPort ?? (command.PrivatePort is null ? rule.Target.EndPort : null);
        var ports = ForwardedPorts.Of(rule.StartPort!.Value, rule.EndPort, start, end);
        return orders.LeadTo(caller, rule, new(to, ports.PrivateStart, ports.PrivateEnd));
    }
}
