using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Brings a running router to the newest generation of its scope. One serves all who wait for it.</summary>
public sealed class ApplyRouter(CloudDb db, Hosts hosts, RouterConfigurations configurations) : Workflow<ApplyRouter.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="RouterId">The router.</param>
    public sealed record Memory(Id<Router> RouterId);

    public static Order<ApplyRouter> For(Router router) => new()
    {
        State = new Memory(router.Id),
        Subjects = [router.Subject],
        InstanceKind = nameof(Router),
        InstanceId = router.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Apply)
        .Do(TellIfRefused);

    private async Task Apply(CancellationToken ct)
    {
        var router = await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);
        if (router is { State: VmState.Running, HostId: { } host }) await configurations.ApplyAsync(router, host, hosts, ct);
    }

    // After the note is written, which tells those who wait.
    private async Task TellIfRefused(CancellationToken ct)
    {
        var router = await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == State.RouterId, ct);
        router?.RequireNotRefused(router.RefusedGeneration);
    }
}
