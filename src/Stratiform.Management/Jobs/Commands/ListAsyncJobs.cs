using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>The jobs that exist for the caller, newest first.</summary>
[Command("Lists asynchronous jobs, the newest first", AllowedTo.Everyone)]
internal sealed record ListAsyncJobs : ListQuery<JobWire>
{
    [Description("Lists only jobs asked for since then")]
    public DateTimeOffset? StartDate { get; init; }

    [Description("Lists only jobs about this entity")]
    public Guid? ResourceId { get; init; }

    [Description("Lists only jobs about this kind of entity")]
    public string? ResourceType { get; init; }

    [Description("An administrator lists every job in reach instead of the own account's")]
    public bool? ListAll { get; init; }

    [Description("With domainid: lists the domains below it too")]
    public bool? IsRecursive { get; init; }

    [Description("Lists the jobs of the account of this name; the domain is domainid, else the caller's")]
    public string? Account { get; init; }

    [Description("Lists the jobs of this domain's accounts")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class ListAsyncJobsHandler(CloudDb db, Lists<JobWire> lists) : IHandle<ListAsyncJobs, Page<JobWire>>
{
    public async Task<Page<JobWire>> HandleAsync(ListAsyncJobs command, Caller caller, CancellationToken ct)
    {
        var jobs = await OwnedAsync(db.JobsOf(caller), command, caller, ct);
        if (command.StartDate is { } since) jobs = jobs.Where(job => job.CreatedAt >= since);
        if (command.ResourceId is { } about) jobs = jobs.Where(job => job.InstanceId == about);
        if (command.ResourceType is { } kind) jobs = jobs.Where(job => job.InstanceKind == kind);
        if (command.Keyword is { } keyword) jobs = jobs.Where(job => EF.Functions.ILike(job.Command, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(jobs.OrderByDescending(job => job.CreatedAt).ThenBy(job => job.Id).Select(job => job.Id), command, caller, ct);
    }

    private async Task<IQueryable<WorkflowRow>> OwnedAsync(IQueryable<WorkflowRow> jobs, ListAsyncJobs command, Caller caller, CancellationToken ct)
    {
        if (command.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
            return jobs.Where(job => job.AccountId == account.Value);
        }
        if (command.DomainId is { } domain)
        {
            var path = await db.FindDomainPathAsync(caller, domain, ct);
            var domains = db.Set<Domain>().Where(d => d.Id == domain || (command.IsRecursive == true && d.Path.StartsWith(path)));
            return jobs.Where(job => domains.Select(d => (Guid)(object)d.Id).Contains(job.DomainId));
        }
        return command.ListAll == true ? jobs : jobs.Where(job => job.AccountId == caller.AccountId.Value);
    }
}
