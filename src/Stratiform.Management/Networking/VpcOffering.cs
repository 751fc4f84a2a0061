using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A kind of VPC: the services that its tiers may have.</summary>
public sealed class VpcOffering : IRemovable
{
    private VpcOffering() { }

    public VpcOffering(string name, string displayText, string[] services, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VpcOffering>();
        (Name, DisplayText, Services, CreatedAt) = (name, displayText, services, now);
    }

    public Id<VpcOffering> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";

    /// <summary>Names of services in the API's words.</summary>
    public string[] Services { get; private set; } = [];

    /// <summary>Its VPCs have two routers, which take turns by themselves.</summary>
    public bool IsRedundant { get; init; }

    public AllocationState State { get; set; } = AllocationState.Disabled;

    /// <summary>Lists show lower ones first.</summary>
    public int SortKey { get; set; }

    /// <summary>A public address may lead into several tiers of its VPCs.</summary>
    public bool ConserveMode { get; init; } = true;

    /// <summary>What routers of its VPCs are made of; null for what all are.</summary>
    public RouterMake? RouterMade { get; init; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>Refuses tiers that want more than its VPCs have.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">They do (431).</exception>
    public void RequireFor(NetworkOffering tier)
    {
        var more = tier.Services.Except(Services).ToList();
        if (more.Count > 0)
        {
            throw Refusal.Parameter(
                $"The network offering {tier.Name} has {string.Join(", ", more)}, which the VPC's offering {Name} lacks; choose another (listNetworkOfferings forvpc=true).");
        }
    }

    /// <summary>Refuses what the VPC's offering does not give.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It lacks the service (431).</exception>
    internal static async Task RequireAsync(CloudDb db, Vpc vpc, string service, CancellationToken ct)
    {
        var offering = await db.Set<VpcOffering>().IgnoreQueryFilters().AsNoTracking().SingleAsync(o => o.Id == vpc.OfferingId, ct);
        if (!offering.Services.Contains(service))
            throw Refusal.Parameter($"The VPC's offering {offering.Name} has no service {service}; use a VPC of another one.");
    }

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    internal sealed class Mapping : IEntityTypeConfiguration<VpcOffering>
    {
        public void Configure(EntityTypeBuilder<VpcOffering> entity)
        {
            entity.HasIndex(o => new { o.SortKey, o.CreatedAt });
            RouterMake.Map(entity.Property(o => o.RouterMade!));
        }
    }
}
