using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>The unfinished jobs of a page's rows, for clients that go on waiting for what somebody else began.</summary>
internal sealed class JobsUnderWay(Dictionary<Guid, Guid> jobs)
{
    /// <summary>The job of a row; null for none.</summary>
    public Guid? On(Guid id) => jobs.TryGetValue(id, out var job) ? job : null;

    /// <summary>The wire's status of that job: 0, under way.</summary>
    public int? StatusOn(Guid id) => jobs.ContainsKey(id) ? 0 : null;
}

/// <summary>Finds what is under way for rows of lists.</summary>
internal static class JobReading
{
    /// <summary>The oldest unfinished job of each of these entities: one query, however many they are.</summary>
    public static async Task<JobsUnderWay> JobsOnAsync(this CloudDb db, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        var wanted = ids.Cast<Guid?>().ToList();
        var rows = await db.Set<WorkflowRow>().AsNoTracking()
            .Where(w => w.EndedAt == null && w.ParentId == null && w.Command != "" && wanted.Contains(w.InstanceId))
            .OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).Select(w => new { w.Id, w.InstanceId }).ToListAsync(ct);
        return new(rows.GroupBy(w => w.InstanceId!.Value).ToDictionary(g => g.Key, g => g.First().Id));
    }
}
