using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds a rule to an ACL list.</summary>
[Command("Creates a rule of an ACL list", AllowedTo.Everyone)]
internal sealed record CreateNetworkACL : IAsyncCommand<AclRuleWire>
{
    [Description("The list; needed unless networkid is given")]
    public Id<AclList>? AclId { get; init; }

    [Description("The tier whose list it is, instead of aclid")]
    public Id<Network>? NetworkId { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol")]
    public required string Protocol { get; init; }

    [Description("The first port; all ports unless said")]
    public int? StartPort { get; init; }

    [Description("The last port; the first unless said")]
    public int? EndPort { get; init; }

    [Description("Networks that packets come from, or go to where they go out, separated by commas; all unless said")]
    public IReadOnlyList<string>? CidrList { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("Ingress for what goes into tiers, Egress for what goes out; Ingress unless said")]
    public AclTraffic? TrafficType { get; init; }

    [Description("Allow or Deny; Allow unless said")]
    public AclAction? Action { get; init; }

    [Description("Its place in the list, where lower ones are asked first; the last unless said")]
    public int? Number { get; init; }

    [Description("Why it is there, for people")]
    public string? Reason { get; init; }
}

internal sealed class CreateNetworkACLHandler(CloudDb db, WorkflowQueue queue) : IHandle<CreateNetworkACL, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateNetworkACL command, Caller caller, CancellationToken ct)
    {
        var list = await ListAsync(command, caller, ct);
        list.RequireOwn("change");
        var match = WireRules.Packets(command.Protocol, command.StartPort, command.EndPort, command.IcmpType, command.IcmpCode);
        var content = Acls.Content(
            match, command.CidrList, command.TrafficType ?? AclTraffic.Ingress, command.Action ?? AclAction.Allow, command.Number, command.Reason ?? "");
        var change = AclChange.OfNew(content);
        return new(queue.Enqueue(ChangeAcl.For(list, change), caller.Asks).Id, change.About.Value);
    }

    private async Task<AclList> ListAsync(CreateNetworkACL command, Caller caller, CancellationToken ct)
    {
        if (command.AclId is { } id) return await db.FindListAsync(caller, id, ct);
        if (command.NetworkId is not { } networkId) throw Refusal.Missing(caller.Command, "aclid");
        var tier = await db.FindVisibleAsync(caller, networkId, ct);
        return await db.Set<AclList>().SingleOrDefaultAsync(l => l.Id == tier.AclId, ct)
            ?? throw Refusal.Parameter($"The network {tier.Name} is no tier of a VPC; guard it by its own rules (createFirewallRule).");
    }
}
