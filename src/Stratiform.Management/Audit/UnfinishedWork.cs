using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Audit;

/// <summary>What unfinished workflows work on: it may look wrong, and is theirs to bring in order.</summary>
public sealed class UnfinishedWork(CloudDb db)
{
    /// <param name="except">One that does not count: the asker's own; null for none.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<HashSet<Guid>> ReadAsync(Guid? except, CancellationToken ct)
    {
        var rows = await db.Set<WorkflowRow>().Where(w => w.EndedAt == null && w.Id != except)
            .Select(w => new { w.Id, w.Subjects, w.Inherited, w.InstanceId }).AsNoTracking().ToListAsync(ct);
        var ids = rows.SelectMany(r => r.Subjects.Concat(r.Inherited)).Select(s => Subject.Parse(s).Id);
        return [.. ids, .. rows.Select(r => r.Id), .. rows.Select(r => r.InstanceId).OfType<Guid>()];
    }
}
