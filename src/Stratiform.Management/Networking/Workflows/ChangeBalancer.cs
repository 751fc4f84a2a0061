using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Changes a load balancer's members, how it chooses among them and speaks with them, or whom it lets in; it ends when its router does so.</summary>
public sealed class ChangeBalancer(CloudDb db, RoutersInStep routers) : Workflow<ChangeBalancer.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RuleId">The load balancer.</param>
    /// <param name="NetworkId">Its network.</param>
    /// <param name="Change">What is asked for.</param>
    /// <param name="Back">What undoes what was done; null while nothing was.</param>
    /// <param name="Generations">The generation that the network's router must have applied.</param>
    public sealed record Memory(
        Id<NetworkRule> RuleId, Id<Network> NetworkId, BalancerChange Change, BalancerChange? Back = null,
        IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ChangeBalancer> For(NetworkRule rule, BalancerChange change) => new()
    {
        State = new Memory(rule.Id, rule.NetworkId, change),
        Subjects = [rule.Subject],
        InstanceKind = nameof(NetworkRule),
        InstanceId = rule.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Change).Undo(ChangeBack)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5));

    private async Task Change(CancellationToken ct)
    {
        var balancer = await db.Set<LoadBalancer>().SingleOrDefaultAsync(b => b.RuleId == State.RuleId, ct)
            ?? throw Api.Refusal.Conflict("The load balancer was deleted meanwhile; nothing was changed.");
        if ((await StillThereAsync(State.Change, ct)).CertificateId != State.Change.CertificateId)
            throw Api.Refusal.Conflict("The certificate was deleted meanwhile; nothing was changed.");
        State = State with { Back = await MakeAsync(balancer, State.Change, ct) };
    }

    private async Task ChangeBack(CancellationToken ct)
    {
        if (State.Back is null || await db.Set<LoadBalancer>().SingleOrDefaultAsync(b => b.RuleId == State.RuleId, ct) is not { } balancer) return;
        await MakeAsync(balancer, await StillThereAsync(State.Back, ct), ct);
    }

    private async Task<BalancerChange> StillThereAsync(BalancerChange change, CancellationToken ct) =>
        await db.Set<SslCertificate>().AnyAsync(c => c.Id == change.CertificateId, ct) ? change : change with { CertificateId = null };

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync([State.NetworkId], ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    // Answers what undoes it. Guests that have gone are not assigned again.
    private async Task<BalancerChange> MakeAsync(LoadBalancer balancer, BalancerChange change, CancellationToken ct)
    {
        var members = await db.Set<LoadBalancerMember>().Where(m => m.RuleId == State.RuleId).ToListAsync(ct);
        var there = await db.Set<Nic>().Where(n => change.Assign.Contains(n.Id)).Select(n => n.Id).ToListAsync(ct);
        var added = there.Except(members.Select(m => m.NicId)).ToList();
        var removed = members.Where(m => change.Remove.Contains(m.NicId)).ToList();
        db.AddRange(added.Select(nic => new LoadBalancerMember(State.RuleId, nic)));
        db.RemoveRange(removed);
        var back = new BalancerChange { Assign = [.. removed.Select(m => m.NicId)], Remove = added };
        back = await CheckAsync(change, await StickAsync(change, Choose(balancer, change, back), ct), ct);
        back = await LetInAsync(change, back, ct);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.NetworkId, token));
        return back;
    }

    private static BalancerChange Choose(LoadBalancer balancer, BalancerChange change, BalancerChange back)
    {
        if (change.Algorithm is { } algorithm)
        {
            back = back with { Algorithm = balancer.Algorithm };
            balancer.Algorithm = algorithm;
        }
        if (change.Secures)
        {
            back = back with { Secures = true, CertificateId = balancer.CertificateId };
            balancer.CertificateId = change.CertificateId;
        }
        if (change.Protocol is { } protocol)
        {
            back = back with { Protocol = balancer.Protocol };
            balancer.RequireCanSpeak(protocol);
            balancer.Protocol = protocol;
        }
        return back;
    }

    // The firewall rule that it was made with goes by its networks.
    private async Task<BalancerChange> LetInAsync(BalancerChange change, BalancerChange back, CancellationToken ct)
    {
        if (change.LetIn is not { } networks) return back;
        var rules = await db.Set<NetworkRule>().Where(r => r.Id == State.RuleId || r.OpenedFor == State.RuleId).ToListAsync(ct);
        back = back with { LetIn = [.. rules.Single(r => r.Id == State.RuleId).SourceCidrs.Select(cidr => cidr.ToString())] };
        foreach (var rule in rules) rule.LetIn([.. networks.Select(cidr => System.Net.IPNetwork.Parse(cidr))]);
        return back;
    }

    private async Task<BalancerChange> StickAsync(BalancerChange change, BalancerChange back, CancellationToken ct)
    {
        if (!change.Sticks) return back;
        var before = await db.Set<StickinessPolicy>().SingleOrDefaultAsync(p => p.RuleId == State.RuleId, ct);
        if (before is not null) db.Remove(before);
        if (change.Stickiness is { } wanted) db.Add(new StickinessPolicy(State.RuleId, wanted));
        return back with { Sticks = true, Stickiness = before?.Content };
    }

    private async Task<BalancerChange> CheckAsync(BalancerChange change, BalancerChange back, CancellationToken ct)
    {
        if (!change.Checks) return back;
        var policy = await db.Set<HealthPolicy>().SingleOrDefaultAsync(p => p.RuleId == State.RuleId, ct);
        back = back with { Checks = true, Check = policy?.Content };
        if (change.Check is null && policy is not null) db.Remove(policy);
        else if (change.Check is { } check && policy is null) db.Add(new HealthPolicy(State.RuleId, check));
        else policy?.Become(change.Check!);
        return back;
    }
}

/// <summary>What is to change about a load balancer.</summary>
public sealed record BalancerChange
{
    /// <summary>Cards that become members.</summary>
    public IReadOnlyList<Id<Nic>> Assign { get; init; } = [];

    /// <summary>Cards that are no members any more.</summary>
    public IReadOnlyList<Id<Nic>> Remove { get; init; } = [];

    /// <summary>How members are chosen; null leaves it.</summary>
    public BalancerAlgorithm? Algorithm { get; init; }

    /// <summary>What is spoken; null leaves it.</summary>
    public BalancerProtocol? Protocol { get; init; }

    /// <summary>The networks that may come in; null leaves them.</summary>
    public IReadOnlyList<string>? LetIn { get; init; }

    /// <summary>True when <see cref="CertificateId"/> is the certificate from now on.</summary>
    public bool Secures { get; init; }

    /// <summary>The certificate; null for none.</summary>
    public Id<SslCertificate>? CertificateId { get; init; }

    /// <summary>True when <see cref="Stickiness"/> is the stickiness policy from now on.</summary>
    public bool Sticks { get; init; }

    /// <summary>The policy; null for none.</summary>
    public Stickiness? Stickiness { get; init; }

    /// <summary>True when <see cref="Check"/> is how members are looked after from now on.</summary>
    public bool Checks { get; init; }

    /// <summary>The health check policy; null for none.</summary>
    public HealthCheck? Check { get; init; }
}
