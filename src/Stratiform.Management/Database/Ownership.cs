using Stratiform.Management.Accounts;
using Stratiform.Protocol;

namespace Stratiform.Management.Database;

/// <summary>A row that is kept after its end: events and usage still name it. Queries leave it out unless they ask.</summary>
public interface IRemovable
{
    /// <summary>When it ended; null while it lives.</summary>
    DateTimeOffset? RemovedAt { get; }
}

/// <summary>A row that belongs to a tenant: who does not see the tenant does not see it.</summary>
public interface IOwned
{
    /// <summary>The owner.</summary>
    Id<Account> AccountId { get; }

    /// <summary>The owner's domain.</summary>
    Id<Domain> DomainId { get; }
}
