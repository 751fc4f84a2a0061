using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Events;

/// <summary>Writes events into the commit of the command that causes them.</summary>
internal sealed class EventLog(CloudDb db, EventCatalog catalog, TimeProvider time)
{
    /// <summary>What the caller did; it is saved with what the command changes, or not at all.</summary>
    /// <param name="caller">Who did it.</param>
    /// <param name="type">What kind of thing.</param>
    /// <param name="description">One sentence; no secrets.</param>
    /// <param name="kind">The kind of thing it was done to.</param>
    /// <param name="resource">That thing.</param>
    /// <param name="name">That thing's name.</param>
    public void Add(Caller caller, EventType type, string description, string kind = "", Guid? resource = null, string? name = null) =>
        db.Add(new Event(type, description, caller.UserId, caller.AccountId, caller.DomainId, time.GetUtcNow())
        {
            ResourceKind = kind,
            ResourceId = resource,
            ResourceName = name,
        });

    /// <summary>What a command records by being carried out, unless its job does.</summary>
    /// <param name="command">The command's wire name.</param>
    /// <param name="caller">Who sent it.</param>
    /// <param name="about">What it answers with.</param>
    public void AddUnlessJournaled(string command, Caller caller, IReadOnlyList<Guid>? about)
    {
        if (catalog.Of(command) is not { } type || db.ChangeTracker.Entries<Event>().Any(e => e.Entity.Type == type.Name)) return;
        Guid? resource = about is [var one] ? one : null;
        Add(caller, type, $"{command} of {resource?.ToString() ?? caller.AccountName} is done", resource: resource);
    }
}
