using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes an ISO off the list; its copies go by and by. It lies in this slice since the drives that it may be in do.</summary>
[Command("Deletes an ISO", AllowedTo.Everyone)]
internal sealed record DeleteIso : IAsyncCommand<Success>
{
    [Description("The ISO")]
    public required Id<Template> Id { get; init; }
}

internal sealed class DeleteIsoHandler(CloudDb db, WorkflowQueue queue, CommandCommit commit, TimeProvider clock) : IHandle<DeleteIso, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteIso command, Caller caller, CancellationToken ct)
    {
        var iso = await db.FindIsoAsync(caller, command.Id, ct);
        iso.Remove(clock.GetUtcNow());
        commit.Add((into, token) => RequireUnusedAsync(into, iso, token));
        commit.Add((into, token) => Limits.ReleaseAsync(into, iso.Id.Value, token));
        return new(queue.RecordDone(caller.Asks, nameof(Template), iso.Id.Value).Id);
    }

    // In the commit: whoever attaches it meanwhile changes the same row, before or after.
    private static async Task RequireUnusedAsync(DbContext commit, Template iso, CancellationToken ct)
    {
        var vms = await commit.Set<VirtualMachine>().CountAsync(v => v.IsoId == iso.Id, ct);
        if (vms > 0) throw Refusal.InUse($"The ISO {iso.Name} is in the drives of {vms} virtual machines; detach it there first (detachIso).");
    }
}
