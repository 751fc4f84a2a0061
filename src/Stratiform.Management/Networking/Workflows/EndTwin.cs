using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Ends the domain of a router that does not serve: the old one after a rebuild, or what a rebuild that was given up left. Nothing is undone;
/// while the row is there, RouterSync comes back to it.
/// </summary>
public sealed class EndTwin(CloudDb db, Hosts hosts) : Workflow<EndTwin.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    public sealed record Memory(Id<Router> RouterId);

    public static Order<EndTwin> For(Router router) => new()
    {
        State = new Memory(router.Id),
        Subjects = [router.Subject],
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(DestroyDomain)
        .Do(Forget);

    private Subject Subject => new(SubjectKinds.Router, State.RouterId.Value);

    private Task<RouterTwin?> TwinAsync(CancellationToken ct) => db.Set<RouterTwin>().SingleOrDefaultAsync(t => t.RouterId == State.RouterId, ct);

    private async Task DestroyDomain(CancellationToken ct)
    {
        if (await TwinAsync(ct) is { } twin) await hosts.EnsureAsync(twin.HostId, Subject, new EnsureNoDomain(twin.DomainId), ct);
    }

    private async Task Forget(CancellationToken ct)
    {
        if (await TwinAsync(ct) is not { } twin) return;
        InCommit((commit, token) => Reservations.ReleaseAsync(commit, twin.DomainId, token));
        db.Remove(twin);
    }
}
