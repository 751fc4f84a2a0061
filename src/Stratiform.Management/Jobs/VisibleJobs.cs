using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>Which jobs exist for a caller: those that somebody asked for, on behalf of accounts in the caller's reach.</summary>
internal static class VisibleJobs
{
    public static IQueryable<WorkflowRow> JobsOf(this CloudDb db, Caller caller)
    {
        var asked = db.Set<WorkflowRow>().Where(job => job.Command != "");
        if (caller.IsRootAdmin) return asked;
        if (!caller.IsDomainAdmin) return asked.Where(job => job.AccountId == caller.AccountId.Value);
        var subtree = db.Set<Domain>().Where(domain => domain.Path.StartsWith(caller.DomainPath)).Select(domain => (Guid)(object)domain.Id);
        return asked.Where(job => subtree.Contains(job.DomainId));
    }
}
