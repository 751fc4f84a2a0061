using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>ACL lists and their rules through a caller's eyes: those of the VPCs in reach, and those that every VPC has.</summary>
internal static class Acls
{
    public static IQueryable<AclList> VisibleLists(this CloudDb db, Caller caller)
    {
        var own = db.Visible<AclList>(caller);
        return db.Set<AclList>().Where(l => l.VpcId == null || own.Any(o => o.Id == l.Id));
    }

    /// <summary>The list of a parameter.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<AclList> FindListAsync(
        this CloudDb db, Caller caller, Id<AclList> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "") =>
        await db.VisibleLists(caller).SingleOrDefaultAsync(l => l.Id == id, ct) ?? throw Visibility.Unknown(caller, parameter, id);

    /// <summary>The rule of a parameter, with its list, which can be changed.</summary>
    /// <exception cref="CloudException">It does not exist for the caller, or its list is the same for all VPCs (431).</exception>
    public static async Task<(AclRule Rule, AclList List)> FindRuleAsync(
        this CloudDb db, Caller caller, Id<AclRule> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var lists = db.VisibleLists(caller);
        var found = await (
            from rule in db.Set<AclRule>()
            where rule.Id == id
            join list in lists on rule.ListId equals list.Id
            select new { Rule = rule, List = list }).SingleOrDefaultAsync(ct) ?? throw Visibility.Unknown(caller, parameter, id);
        found.List.RequireOwn("change");
        return (found.Rule, found.List);
    }

    /// <summary>The ACL list of a parameter, which the VPC may use: its own, or one that every VPC has.</summary>
    /// <exception cref="CloudException">There is none (431).</exception>
    public static async Task<Id<AclList>> FindAclAsync(this CloudDb db, Id<Vpc> vpc, Id<AclList> id, CancellationToken ct) =>
        await db.Set<AclList>().AnyAsync(l => l.Id == id && (l.VpcId == null || l.VpcId == vpc), ct)
            ? id : throw Refusal.Parameter($"The VPC has no ACL list {id}; choose one of its own or a default (listNetworkACLLists vpcid={vpc}).");

    /// <summary>Refuses to change a list that is not as a client saw it.</summary>
    /// <param name="rules">The list's rules.</param>
    /// <param name="seen">MD5 of their ids, one behind the other in their order, as hexadecimal digits.</param>
    /// <exception cref="CloudException">It has changed (537).</exception>
    public static void RequireUnchanged(IEnumerable<AclRule> rules, string seen)
    {
#pragma warning disable CA5351 // Not for security: the form that clients compare.
        var hash = MD5.HashData(Encoding.UTF8.GetBytes(string.Concat(rules.OrderBy(r => r.Number).Select(r => r.Id.ToString()))));
#pragma warning restore CA5351
        if (!Convert.ToHexString(hash).Equals(seen.Trim(), StringComparison.OrdinalIgnoreCase))
            throw Refusal.Conflict("The ACL list has changed since it was listed; list it again (listNetworkACLs), then move the rule.");
    }

    /// <summary>What a rule says, from its parameters.</summary>
    /// <exception cref="CloudException">They do not go together (431).</exception>
    public static AclRuleContent Content(RuleMatch match, IReadOnlyList<string>? cidrs, AclTraffic traffic, AclAction action, int? number, string reason)
    {
        if (number is <= 0) throw Refusal.Parameter("number is a place in the list, 1 or more; leave it out for the last.");
        return new()
        {
            Number = number ?? 0,
            Traffic = traffic,
            Action = action,
            Protocol = match.Protocol,
            StartPort = match.StartPort,
            EndPort = match.EndPort,
            IcmpType = match.IcmpType,
            IcmpCode = match.IcmpCode,
            Cidrs = [.. WireRules.Cidrs(cidrs, "cidrlist").Select(c => c.ToString())],
            Reason = reason,
        };
    }
}
