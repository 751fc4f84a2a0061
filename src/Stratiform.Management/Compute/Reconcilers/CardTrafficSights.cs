using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Reconcilers;

/// <summary>Notes what running virtual machines have received and sent by each of their cards.</summary>
internal sealed class CardTrafficSights(CloudDb db, HostQuestions questions, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromMilliseconds(settings.Get(ComputeSettings.VmStatsInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var running = await (
            from vm in db.Set<VirtualMachine>().AsNoTracking()
            where vm.State == VmState.Running && db.Set<HostSight>().Any(s => s.HostId == vm.HostId && s.State == HostState.Up)
            join nic in db.Set<Nic>() on (Guid)(object)vm.Id equals nic.GuestId
            select new { Host = vm.HostId!.Value, nic.Id }).ToListAsync(ct);
        var onHosts = running.ToLookup(card => card.Host, card => card.Id.Value);
        var answers = await questions.AskAsync(onHosts.Select(host => host.Key), host => host, host => new ReadNicTraffic([.. onHosts[host]]), ct);
        var counted = answers.SelectMany(answer => answer.Value.Cards.Select(card => (Host: answer.Key, Card: card))).ToList();
        var ids = counted.ConvertAll(c => new Id<Nic>(c.Card.NicId));
        var known = await db.Set<CardTraffic>().Where(t => ids.Contains(t.NicId)).ToDictionaryAsync(t => t.NicId, ct);
        foreach (var (host, card) in counted)
        {
            var id = new Id<Nic>(card.NicId);
            if (!known.TryGetValue(id, out var sum)) db.Add(sum = new CardTraffic { NicId = id });
            sum.Saw($"{host}/{card.Device}", card.ReceivedBytes, card.SentBytes, clock.GetUtcNow());
        }
        await db.SaveChangesAsync(ct);
    }
}
