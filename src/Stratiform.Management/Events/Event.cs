using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Events;

/// <summary>Something that somebody did or that happened to something: written in the commit that did it, and never changed.</summary>
public sealed class Event : IOwned
{
    private Event() { }

    public Event(EventType type, string description, Id<User> user, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Event>();
        Type = type.Name;
        Description = description;
        (UserId, AccountId, DomainId, CreatedAt) = (user, account, domain, now);
    }

    public Id<Event> Id { get; init; }
    public string Type { get; private set; } = "";
    public string Description { get; private set; } = "";
    public EventLevel Level { get; init; } = EventLevel.Info;
    public EventState State { get; init; } = EventState.Completed;
    public Id<User> UserId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }

    /// <summary>The kind of thing it happened to (VirtualMachine …); empty for none.</summary>
    public string ResourceKind { get; init; } = "";

    public Guid? ResourceId { get; init; }

    /// <summary>The thing's name when it happened.</summary>
    public string? ResourceName { get; init; }

    /// <summary>The first event of the operation that this one belongs to.</summary>
    public Id<Event>? StartId { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Put away by its owner.</summary>
    public bool IsArchived { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Event>
    {
        public void Configure(EntityTypeBuilder<Event> entity)
        {
            entity.HasIndex(e => new { e.CreatedAt, e.Id });
            entity.HasIndex(e => new { e.AccountId, e.CreatedAt });
            entity.HasIndex(e => new { e.ResourceId, e.CreatedAt });
            entity.HasIndex(e => e.StartId);
        }
    }
}

/// <summary>How grave an event is.</summary>
public enum EventLevel
{
    Info,
    Warn,
    Error,
}

/// <summary>Where the operation stood when the event was written.</summary>
public enum EventState
{
    Created,
    Scheduled,
    Started,
    Completed,
}
