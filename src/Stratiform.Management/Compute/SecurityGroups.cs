using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>Security groups and their rules as clients name them.</summary>
internal static class SecurityGroups
{
    /// <summary>Rules that a group may have: each new connection of its members goes through them.</summary>
    public const int MostRules = 500;

    /// <summary>Groups that a virtual machine may be in.</summary>
    public const int MostOfVm = 10;

    /// <summary>The group of two parameters of which one is given; the default one is made when it is first named.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<SecurityGroup> FindGroupAsync(
        this CloudDb db, Caller caller, Id<SecurityGroup>? id, string? name, string? account, Id<Domain>? domain, DateTimeOffset now, CancellationToken ct)
    {
        if (id is not null && name is not null) throw Refusal.Parameter("Name the security group by its id or by its name, not by both.");
        if (id is { } said) return await db.FindVisibleAsync(caller, said, ct, "securitygroupid");
        if (name is null) throw Refusal.Parameter("Say which security group: give its id or its name.");
        var owner = await db.OwnerAsync(caller, account, domain, ct);
        return await db.FindOfAsync(owner, name, now, ct);
    }

    /// <summary>The account's group of that name; the default one is made when it is first named.</summary>
    /// <exception cref="CloudException">It has none (431).</exception>
    public static async Task<SecurityGroup> FindOfAsync(this CloudDb db, Owner owner, string name, DateTimeOffset now, CancellationToken ct)
    {
        var found = await db.Set<SecurityGroup>().SingleOrDefaultAsync(g => g.AccountId == owner.AccountId && g.Name == name, ct);
        if (found is not null) return found;
        if (name != SecurityGroup.Default) throw Refusal.Parameter($"A security group with name '{name}' does not exist; see listSecurityGroups.");
        return db.Add(new SecurityGroup(name, "Default Security Group", owner.AccountId, owner.DomainId, now)).Entity;
    }

    /// <summary>The groups that a new virtual machine is in: those that are named, or the default one.</summary>
    /// <exception cref="CloudException">One is not its owner's, or its networks have none (431).</exception>
    public static async Task<IReadOnlyList<SecurityGroup>> ChooseAsync(
        this CloudDb db, Owner owner, IReadOnlyList<Network> networks, IReadOnlyList<Id<SecurityGroup>>? ids, IReadOnlyList<string>? names,
        DateTimeOffset now, CancellationToken ct)
    {
        var networkIds = networks.Select(n => n.Id).ToList();
        var isGrouped = await GroupsOnHost.Grouped(db).AnyAsync(n => networkIds.Contains(n.Id), ct);
        if (ids is not { Count: > 0 } && names is not { Count: > 0 }) return isGrouped ? [await db.FindOfAsync(owner, SecurityGroup.Default, now, ct)] : [];
        if (!isGrouped) throw Refusal.Parameter($"None of its networks has the service {NetworkServices.SecurityGroup}; leave the groups out, or use a network whose offering has it.");
        var groups = new List<SecurityGroup>();
        foreach (var id in (ids ?? []).Distinct())
        {
            groups.Add(await db.Set<SecurityGroup>().SingleOrDefaultAsync(g => g.Id == id && g.AccountId == owner.AccountId, ct)
                ?? throw Refusal.Parameter($"The account has no security group {id}; see listSecurityGroups."));
        }
        foreach (var name in (names ?? []).Distinct()) groups.Add(await db.FindOfAsync(owner, name, now, ct));
        groups = [.. groups.DistinctBy(g => g.Id)];
        return groups.Count <= MostOfVm ? groups : throw Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
            $"A virtual machine is in at most {MostOfVm} security groups; {groups.Count} are named."));
    }

    /// <summary>A virtual machine that is in no group comes into the default one with its first card in a network that has groups.</summary>
    public static async Task JoinDefaultAsync(this CloudDb db, VirtualMachine vm, Network network, DateTimeOffset now, CancellationToken ct)
    {
        if (!await GroupsOnHost.Grouped(db).AnyAsync(n => n.Id == network.Id, ct) || await db.Set<GroupMember>().AnyAsync(m => m.VmId == vm.Id, ct)) return;
        var group = await db.FindOfAsync(new(vm.AccountId, vm.DomainId), SecurityGroup.Default, now, ct);
        db.Add(new GroupMember { GroupId = group.Id, VmId = vm.Id });
    }

    /// <summary>The rules that a client asks for: one for each network and each group that it names.</summary>
    /// <exception cref="CloudException">Something is wrong, or doubled (431, 537).</exception>
    public static async Task<IReadOnlyList<SecurityRuleContent>> ReadAsync(
        this CloudDb db, Commands.RuleOfGroup command, SecurityGroup group, AclTraffic traffic, CancellationToken ct)
    {
        var packets = WireRules.Packets(command.Protocol ?? "tcp", command.StartPort, command.EndPort, command.IcmpType, command.IcmpCode);
        var peers = await PeersAsync(db, command.UserSecurityGroupList, group, ct);
        if (command.CidrList is not { Count: > 0 } && peers.Count == 0)
            throw Refusal.Parameter("Say from where or to where: give cidrlist, usersecuritygrouplist or both.");
        var content = new SecurityRuleContent
        {
            Traffic = traffic,
            Protocol = packets.Protocol,
            StartPort = packets.StartPort,
            EndPort = packets.EndPort,
            IcmpType = packets.IcmpType,
            IcmpCode = packets.IcmpCode,
        };
        var cidrs = command.CidrList is { Count: > 0 } given ? WireRules.Cidrs(given, "cidrlist") : [];
        List<SecurityRuleContent> rules =
        [
            .. cidrs.Select(c => content with { Cidr = c.ToString() }),
            .. peers.Select(p => content with { PeerId = p }),
        ];
        var there = await db.Set<SecurityRule>().AsNoTracking().Where(r => r.GroupId == group.Id).ToListAsync(ct);
        if (there.FirstOrDefault(r => rules.Contains(r.Content)) is { } twice) throw IsThere(twice);
        return there.Count + rules.Count <= MostRules ? rules : throw TooMany(there.Count);
    }

    /// <summary>Refuses a name that another group of the account has, or that is kept for the default one.</summary>
    /// <exception cref="CloudException">It has (431).</exception>
    public static async Task RequireFreeNameAsync(CloudDb db, Id<Account> account, string name, CancellationToken ct)
    {
        if (name == SecurityGroup.Default || await db.Set<SecurityGroup>().AnyAsync(g => g.AccountId == account && g.Name == name, ct))
            throw Refusal.Parameter($"Unable to name the security group {name}: the account has one of that name already.");
    }

    /// <summary>The refusal of a rule that is there already.</summary>
    public static CloudException IsThere(SecurityRule rule) => Refusal.Conflict($"The rule {rule.Id} of the security group says the same already.");

    /// <summary>The refusal of more rules than a group may have.</summary>
    public static CloudException TooMany(int count) => Refusal.Parameter(string.Create(CultureInfo.InvariantCulture,
        $"The security group has {count} rules, of which {MostRules} are allowed; use wider networks, or another group."));

    private static async Task<List<Id<SecurityGroup>>> PeersAsync(
        CloudDb db, IReadOnlyList<IReadOnlyDictionary<string, string>>? given, SecurityGroup group, CancellationToken ct)
    {
        var peers = new List<Id<SecurityGroup>>();
        foreach (var pair in given ?? [])
        {
            if (!pair.TryGetValue("account", out var account) || !pair.TryGetValue("group", out var name))
                throw Refusal.Parameter("usersecuritygrouplist names groups as usersecuritygrouplist[0].account=NAME&usersecuritygrouplist[0].group=NAME.");
            var found = await db.Set<SecurityGroup>()
                .Where(g => g.Name == name && db.Set<Account>().Any(a => a.Id == g.AccountId && a.Name == account && a.DomainId == group.DomainId))
                .Select(g => (Id<SecurityGroup>?)g.Id).SingleOrDefaultAsync(ct);
            peers.Add(found ?? throw Refusal.Parameter($"The account {account} has no security group '{name}' in the domain of {group.Name}."));
        }
        return [.. peers.Distinct()];
    }
}
