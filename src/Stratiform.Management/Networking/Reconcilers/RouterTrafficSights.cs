using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Notes what has come and gone by public addresses, and through routers to and from the guests of each network.</summary>
internal sealed class RouterTrafficSights(CloudDb db, RouterQuestions questions, LiveSettings settings, TimeProvider clock) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(NetworkSettings.RouterStatsInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var on = await db.Set<Router>().AsNoTracking()
            .Where(r => r.State == VmState.Running && db.Set<HostSight>().Any(s => s.HostId == r.HostId && s.State == HostState.Up)).ToListAsync(ct);
        if (on.Count == 0) return;
        var routers = on.WhoServe().ToList();
        var answers = (await questions.AskAsync(routers, router => new ReadRouterTraffic(router.ServingId), ct)).Where(a => a.Value.Answers).ToDictionary();
        await NoteAddressesAsync(routers, answers, ct);
        await NoteNetworksAsync(answers, ct);
        await db.SaveChangesAsync(ct);
    }

    private async Task NoteAddressesAsync(List<Router> routers, Dictionary<Id<Router>, RouterTraffic> answers, CancellationToken ct)
    {
        var scopes = routers.Where(r => answers.ContainsKey(r.Id)).ToDictionary(r => r.ScopeId, r => answers[r.Id]);
        var held = await db.Set<PublicIpAddress>().AsNoTracking().Where(a => a.ScopeId != null && scopes.Keys.Contains(a.ScopeId.Value)).ToListAsync(ct);
        var known = await db.Set<AddressTraffic>().Where(t => scopes.Keys.Contains(t.ScopeId)).ToDictionaryAsync(t => (t.AddressId, t.ScopeId), ct);
        foreach (var address in held)
        {
            var (scope, text) = (address.ScopeId!.Value, address.Address.ToString());
            if (scopes[scope].Addresses.FirstOrDefault(c => c.Name == text) is not { } count) continue;
            if (!known.TryGetValue((address.Id, scope), out var sum)) db.Add(sum = new AddressTraffic { AddressId = address.Id, ScopeId = scope });
            Note(sum, scopes[scope], count);
        }
    }

    private async Task NoteNetworksAsync(Dictionary<Id<Router>, RouterTraffic> answers, CancellationToken ct)
    {
        var cards = await db.Set<RouterCard>().AsNoTracking().Where(c => c.GatewayId == null && answers.Keys.Contains(c.RouterId)).ToListAsync(ct);
        var networks = cards.ConvertAll(c => c.NetworkId);
        var known = await db.Set<GuestTraffic>().Where(t => networks.Contains(t.NetworkId)).ToDictionaryAsync(t => t.NetworkId, ct);
        foreach (var card in cards)
        {
            if (answers[card.RouterId].Cards.FirstOrDefault(c => c.Name == card.DeviceName) is not { } count) continue;
            if (!known.TryGetValue(card.NetworkId, out var sum)) db.Add(sum = new GuestTraffic { NetworkId = card.NetworkId });
            Note(sum, answers[card.RouterId], count);
        }
    }

    private void Note(TrafficSum sum, RouterTraffic passed, TrafficCount count) =>
        sum.Saw($"{passed.Boot}", count.ReceivedBytes, count.SentBytes, clock.GetUtcNow());
}
