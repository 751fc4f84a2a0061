using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>A place with its own networks and image stores; what runs in it stays in it.</summary>
public sealed class Zone : IRemovable
{
    private Zone() { }

    public Zone(string name, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Zone>();
        Name = name;
        CreatedAt = now;
    }

    public Id<Zone> Id { get; private set; }
    public string Name { get; set; } = "";
    public required string Dns1 { get; set; }
    public string? Dns2 { get; set; }
    public required string InternalDns1 { get; set; }
    public string? InternalDns2 { get; set; }

    /// <summary>Search domain of guests whose network names none.</summary>
    public string? NetworkDomain { get; set; }

    /// <summary>The range isolated networks take their addresses from unless they say.</summary>
    public string GuestCidr { get; set; } = "10.1.1.0/24";

    public bool LocalStorageEnabled { get; set; }
    public AllocationState AllocationState { get; set; } = AllocationState.Disabled;
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<Zone>
    {
        public void Configure(EntityTypeBuilder<Zone> entity) =>
            entity.HasIndex(z => z.Name).IsUnique().HasFilter("removed_at IS NULL");
    }
}

/// <summary>Whether new things may be placed here.</summary>
public enum AllocationState
{
    Enabled,
    Disabled,
}
