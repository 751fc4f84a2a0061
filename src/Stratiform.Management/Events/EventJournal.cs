using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Events;

/// <summary>
/// Writes the events of jobs into the commits that begin and end them. The first event of a job bears the job's own id, so
/// that the later ones name it without looking it up.
/// </summary>
internal sealed class EventJournal(EventCatalog catalog, TimeProvider clock) : IWorkflowJournal
{
    public void Write(DbContext db, WorkflowRow row, Moment moment)
    {
        // Children do a part of what their parent's command asked for.
        if (row.ParentId is not null || catalog.Of(row.Command) is not { } type) return;
        var isFirst = moment == Moment.Enqueued || row.CreatedAt == row.EndedAt;
        var name = NameOf(db, row);
        var what = $"{row.Command} of {row.InstanceKind} {name ?? row.InstanceId?.ToString()}";
        db.Add(new Event(type, $"{what} {Verb(row, moment)}", new(row.UserId), new(row.AccountId), new(row.DomainId), clock.GetUtcNow())
        {
            Id = isFirst ? new(row.Id) : Protocol.Id.New<Event>(),
            StartId = isFirst ? null : new Id<Event>(row.Id),
            Level = moment is Moment.Failed or Moment.Stuck ? EventLevel.Error : EventLevel.Info,
            State = StateAt(moment),
            ResourceKind = row.InstanceKind,
            ResourceId = row.InstanceId,
            ResourceName = name,
        });
    }

    private static string Verb(WorkflowRow row, Moment moment) => moment switch
    {
        Moment.Enqueued => "is asked for",
        Moment.Started => "begins",
        Moment.Succeeded => "is done",
        Moment.Failed => $"failed: {row.ErrorText}",
        Moment.Stuck => $"failed and needs an operator: {row.ErrorText}",
    };

    private static EventState StateAt(Moment moment) => moment switch
    {
        Moment.Enqueued => EventState.Scheduled,
        Moment.Started => EventState.Started,
        Moment.Succeeded or Moment.Failed or Moment.Stuck => EventState.Completed,
    };

    // The step or command has usually read the entity: its name costs nothing then, whatever slice it is of.
    private static string? NameOf(DbContext db, WorkflowRow row) => db.ChangeTracker.Entries()
        .Where(e => e.Metadata.ClrType.Name == row.InstanceKind && e.Metadata.FindProperty("Name") is not null)
        .Where(e => e.Property("Id").CurrentValue?.ToString() == row.InstanceId?.ToString())
        .Select(e => e.Property("Name").CurrentValue as string).FirstOrDefault();
}
