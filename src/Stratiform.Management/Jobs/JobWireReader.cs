using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>Reads jobs with their owners' names and, when they have ended, with their results.</summary>
internal sealed class JobWireReader(CloudDb db, JobResults results, IJobProgress progress) : IReadWire<JobWire>
{
    public async Task<IReadOnlyList<JobWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var jobs = await db.Set<WorkflowRow>().AsNoTracking().Where(job => ids.Contains(job.Id)).ToDictionaryAsync(job => job.Id, ct);
        Id<Account>[] accounts = [.. jobs.Values.Select(job => new Id<Account>(job.AccountId)).Distinct()];
        var owners = await db.Set<Account>().IgnoreQueryFilters().Where(account => accounts.Contains(account.Id))
            .Join(db.Set<Domain>().IgnoreQueryFilters(), a => a.DomainId, d => d.Id, (a, d) => new { a.Id, a.Name, d.Path })
            .ToDictionaryAsync(owner => owner.Id.Value, owner => new Owner(owner.Name, DomainWire.ShownPath(owner.Path)), ct);
        var shown = await results.ReadAsync([.. jobs.Values], caller, ct);
        return [.. ids.Where(jobs.ContainsKey).Select(id => Shape(jobs[id], owners.GetValueOrDefault(jobs[id].AccountId), shown.GetValueOrDefault(id)))];
    }

    private JobWire Shape(WorkflowRow job, Owner? owner, System.Text.Json.Nodes.JsonObject? result) => new()
    {
        JobId = job.Id,
        JobStatus = StatusOf(job.Phase),
        JobResultCode = job.Phase is Phase.Failed or Phase.Stuck ? job.ErrorCode ?? 530 : 0,
        JobResultType = result is null ? null : "object",
        JobResult = result,
        JobInstanceType = job.InstanceKind.Length == 0 ? null : job.InstanceKind,
        JobInstanceId = job.InstanceId,
        JobProgress = job.HasEnded ? null : progress.Text(job),
        JobPercent = job.HasEnded ? null : progress.Percent(job),
        Cmd = job.Command,
        UserId = job.UserId,
        AccountId = job.AccountId,
        Account = owner?.Name,
        DomainId = job.DomainId,
        DomainPath = owner?.Path,
        Created = job.CreatedAt,
        Completed = job.EndedAt,
    };

    /// <summary>A stuck workflow has failed for whoever asked; that it still has to be cleaned up is the operator's business.</summary>
    private static int StatusOf(Phase phase) => phase switch
    {
        Phase.Forward or Phase.Undoing => 0,
        Phase.Succeeded => 1,
        Phase.Failed or Phase.Stuck => 2,
    };

    private sealed record Owner(string Name, string Path);
}
