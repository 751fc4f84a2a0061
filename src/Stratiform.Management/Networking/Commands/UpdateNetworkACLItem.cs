using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes a rule of an ACL list; what is not said stays.</summary>
[Command("Updates a rule of an ACL list", AllowedTo.Everyone)]
internal sealed record UpdateNetworkACLItem : IAsyncCommand<AclRuleWire>
{
    [Description("The rule")]
    public required Id<AclRule> Id { get; init; }

    [Description("Another protocol: tcp, udp, icmp, all, or the number of another one; ports and ICMP types are then those that are said")]
    public string? Protocol { get; init; }

    [Description("Another first port")]
    public int? StartPort { get; init; }

    [Description("Another last port")]
    public int? EndPort { get; init; }

    [Description("Other networks, separated by commas")]
    public IReadOnlyList<string>? CidrList { get; init; }

    [Description("Another type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("Another code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("The other direction: Ingress or Egress")]
    public AclTraffic? TrafficType { get; init; }

    [Description("Allow or Deny")]
    public AclAction? Action { get; init; }

    [Description("Another place in the list")]
    public int? Number { get; init; }

    [Description("Another reason, for people")]
    public string? Reason { get; init; }

    [Description("False makes the rule anew: what is not said is as createNetworkACL has it then, but for its place; true unless said")]
    public bool? PartialUpgrade { get; init; }
}

internal sealed class UpdateNetworkACLItemHandler(CloudDb db, WorkflowQueue queue) : IHandle<UpdateNetworkACLItem, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateNetworkACLItem command, Caller caller, CancellationToken ct)
    {
        var (rule, list) = await db.FindRuleAsync(caller, command.Id, ct);
        if (command.PartialUpgrade == false) return Change(rule, list, Anew(command, rule), caller);
        var before = command.Protocol is { } said && WireRules.Protocol(said) != rule.Protocol ? new RuleMatch { Protocol = said, SourceCidrs = [] } : rule.Match;
        var match = WireRules.Packets(before.Protocol, command.StartPort ?? before.StartPort, command.EndPort ?? before.EndPort,
            command.IcmpType ?? before.IcmpType, command.IcmpCode ?? before.IcmpCode);
        var content = Acls.Content(match, command.CidrList ?? rule.Content.Cidrs, command.TrafficType ?? rule.Traffic, command.Action ?? rule.Action,
            command.Number ?? rule.Number, command.Reason ?? rule.Reason);
        return Change(rule, list, content, caller);
    }

    private static AclRuleContent Anew(UpdateNetworkACLItem command, AclRule rule)
    {
        var match = WireRules.Packets(command.Protocol ?? throw Refusal.Missing("updateNetworkACLItem", "protocol"), command.StartPort, command.EndPort, command.IcmpType, command.IcmpCode);
        return Acls.Content(match, command.CidrList, command.TrafficType ?? AclTraffic.Ingress, command.Action ?? AclAction.Allow, command.Number ?? rule.Number, command.Reason ?? "");
    }

    private JobTicket Change(AclRule rule, AclList list, AclRuleContent content, Caller caller) =>
        new(queue.Enqueue(ChangeAcl.For(list, new() { About = rule.Id, Put = [new(rule.Id, content)] }), caller.Asks).Id);
}
