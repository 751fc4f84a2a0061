using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Forgets a pod that is empty.</summary>
[Command("Deletes a pod")]
internal sealed record DeletePod : ICommand<Success>
{
    [Description("The pod")]
    public required Id<Pod> Id { get; init; }
}

internal sealed class DeletePodHandler(CloudDb db, TimeProvider clock) : IHandle<DeletePod, Success>
{
    public async Task<Success> HandleAsync(DeletePod command, Caller caller, CancellationToken ct)
    {
        var pod = await db.FindAsync(caller, command.Id, ct);
        await db.Set<Cluster>().Where(c => c.PodId == pod.Id).RequireNoneAsync($"The pod {pod.Name}", "cluster", "deleteCluster", ct);
        pod.Remove(clock.GetUtcNow());
        return new();
    }
}
