using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Asks routers how their VPN connections stand, and notes it on those.</summary>
public sealed class VpnLook(CloudDb db, RouterQuestions questions)
{
    /// <summary>Notes, saved with the step, how the connections of one scope stand.</summary>
    public Task NoteAsync(Id<RouterScope> scope, CancellationToken ct) => NoteAsync(db.Set<VpnConnection>().Where(c => c.ScopeId == scope), ct);

    /// <summary>Notes, as far as routers answer, how all connections stand.</summary>
    public Task NoteAllAsync(CancellationToken ct) => NoteAsync(db.Set<VpnConnection>(), ct);

    private async Task NoteAsync(IQueryable<VpnConnection> of, CancellationToken ct)
    {
        var connections = await of.Where(c => !c.IsLeaving).ToListAsync(ct);
        if (connections.Count == 0) return;
        var scopes = connections.Select(c => c.ScopeId).Distinct().ToList();
        var on = await db.Set<Router>().AsNoTracking().Where(r => scopes.Contains(r.ScopeId) && r.State == VmState.Running && r.HostId != null).ToListAsync(ct);
        var running = on.WhoServe().ToList();
        var answers = await questions.AskAsync(running, router => new ReadRouterTunnels(router.ServingId), ct);
        var routers = running.ToDictionary(r => r.ScopeId);
        foreach (var connection in connections)
        {
            var seen = routers.TryGetValue(connection.ScopeId, out var router) ? Seen(connection, answers.GetValueOrDefault(router.Id)) : WithoutRouter(connection.State);
            if (seen != connection.State) connection.Saw(seen);
        }
    }

    // A router that does not answer says nothing of its connections.
    private static VpnState Seen(VpnConnection connection, RouterTunnels? answer) => answer is not { Answers: true }
        ? connection.State
        : answer.Tunnels.FirstOrDefault(t => t.Name == connection.Id.ToString())?.State switch
        {
            TunnelState.Up => VpnState.Connected,
            TunnelState.Connecting => VpnState.Connecting,
            TunnelState.Down => VpnState.Disconnected,
            TunnelState.Broken => VpnState.Error,
            null => VpnState.Pending,
        };

    private static VpnState WithoutRouter(VpnState before) => before == VpnState.Pending ? VpnState.Pending : VpnState.Disconnected;
}
