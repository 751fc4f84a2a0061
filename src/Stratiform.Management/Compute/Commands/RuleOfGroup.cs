using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>What clients say of a new rule, whichever way it is for.</summary>
internal abstract record RuleOfGroup : IAsyncCommand<SecurityGroupWire>
{
    [Description("The security group")]
    public Id<SecurityGroup>? SecurityGroupId { get; init; }

    [Description("The security group by its name, instead of securitygroupid")]
    public string? SecurityGroupName { get; init; }

    [Description("With the name: the group's owner in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }

    [Description("tcp, udp, icmp, all, or the number of another protocol; tcp unless said")]
    public string? Protocol { get; init; }

    [Description("The first port of the receiver; all ports unless said")]
    public int? StartPort { get; init; }

    [Description("The last port; the first unless said")]
    public int? EndPort { get; init; }

    [Description("The type of ICMP messages; -1 for all")]
    public int? IcmpType { get; init; }

    [Description("The code of ICMP messages; -1 for all")]
    public int? IcmpCode { get; init; }

    [Description("IPv4 networks of the other side, separated by commas")]
    public IReadOnlyList<string>? CidrList { get; init; }

    [Description("Security groups that the other side is in: usersecuritygrouplist[0].account=NAME&usersecuritygrouplist[0].group=NAME")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? UserSecurityGroupList { get; init; }
}

/// <summary>Makes and ends rules of security groups, for the commands of both ways.</summary>
internal sealed class GroupRuleOrders(CloudDb db, WorkflowQueue queue, TimeProvider clock)
{
    /// <summary>Asks for new rules.</summary>
    public async Task<JobTicket> AuthorizeAsync(RuleOfGroup command, AclTraffic traffic, Caller caller, CancellationToken ct)
    {
        var group = await db.FindGroupAsync(caller, command.SecurityGroupId, command.SecurityGroupName, command.Account, command.DomainId, clock.GetUtcNow(), ct);
        var rules = await db.ReadAsync(command, group, traffic, ct);
        return new(queue.Enqueue(ChangeGroup.ToAdd(group, rules), caller.Asks).Id);
    }

    /// <summary>Asks for the end of a rule.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public async Task<JobTicket> RevokeAsync(Id<SecurityRule> id, AclTraffic traffic, Caller caller, CancellationToken ct)
    {
        var rule = await db.Set<SecurityRule>().AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.Traffic == traffic, ct);
        var group = rule is null ? null : await db.Visible<SecurityGroup>(caller).SingleOrDefaultAsync(g => g.Id == rule.GroupId, ct);
        if (rule is null || group is null) throw Visibility.Unknown(caller, "id", id);
        return new(queue.Enqueue(ChangeGroup.ToRemove(group, rule), caller.Asks).Id);
    }
}
