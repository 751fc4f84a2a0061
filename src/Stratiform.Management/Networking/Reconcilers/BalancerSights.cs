using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Notes what load balancers have counted and which of their members are well, so that lists need not ask routers.</summary>
internal sealed class BalancerSights(CloudDb db, RouterQuestions questions, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(15);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var balanced = await (
            from router in db.Set<Router>().AsNoTracking()
            where router.State == VmState.Running && db.Set<HostSight>().Any(s => s.HostId == router.HostId && s.State == HostState.Up)
            join card in db.Set<RouterCard>().Where(c => c.GatewayId == null) on router.Id equals card.RouterId
            join rule in db.Set<NetworkRule>() on card.NetworkId equals rule.NetworkId
            where (rule.Purpose == RulePurpose.LoadBalancing || rule.Purpose == RulePurpose.InternalBalancing) && rule.State == RuleState.Active
            select new { Router = router, rule.Id }).ToListAsync(ct);
        if (balanced.Count == 0) return;
        var answers = await questions.AskAsync(balanced.Select(b => b.Router).WhoServe(), router => new ReadBalancers(router.ServingId), ct);
        var sights = await db.Set<BalancerSight>().ToDictionaryAsync(s => s.RuleId, ct);
        foreach (var (router, rule) in balanced.Select(b => (b.Router, b.Id)))
        {
            if (!answers.TryGetValue(router.Id, out var report) || report.Counts.FirstOrDefault(c => c.RuleId == rule.Value) is not { } count) continue;
            if (!sights.TryGetValue(rule, out var sight)) db.Add(sight = new BalancerSight { RuleId = rule });
            sight.Saw(report.Boot, count, report.Members.Where(m => m.RuleId == rule.Value), clock.GetUtcNow());
        }
        await db.SaveChangesAsync(ct);
    }
}
