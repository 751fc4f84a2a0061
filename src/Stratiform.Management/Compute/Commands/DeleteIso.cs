using System.ComponentModel;
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
        commit.Add((into, token) => Limits.ReleaseAsync(into, iso.Id.Value, token));
        return new(queue.RecordDone(caller.Asks, nameof(Template), iso.Id.Value).Id);
    }
}
