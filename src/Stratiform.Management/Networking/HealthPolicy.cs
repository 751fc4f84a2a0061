using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>How a load balancer finds out which of its members are well, where that is not left to it.</summary>
public sealed class HealthPolicy
{
    private HealthPolicy() { }

    public HealthPolicy(Id<NetworkRule> rule, HealthCheck check)
    {
        (Id, RuleId) = (check.Id, rule);
        Become(check);
    }

    public Id<HealthPolicy> Id { get; private set; }
    public Id<NetworkRule> RuleId { get; private set; }
    public string Description { get; private set; } = "";
    public string? PingPath { get; private set; }
    public int ResponseSeconds { get; private set; }
    public int IntervalSeconds { get; private set; }
    public int Healthy { get; private set; }
    public int Unhealthy { get; private set; }

    /// <summary>As a value.</summary>
    public HealthCheck Content => new(Id)
    {
        Description = Description,
        PingPath = PingPath,
        ResponseSeconds = ResponseSeconds,
        IntervalSeconds = IntervalSeconds,
        Healthy = Healthy,
        Unhealthy = Unhealthy,
    };

    /// <summary>Looks otherwise from now on.</summary>
    public void Become(HealthCheck check) => (Description, PingPath, ResponseSeconds, IntervalSeconds, Healthy, Unhealthy) =
        (check.Description, check.PingPath, check.ResponseSeconds, check.IntervalSeconds, check.Healthy, check.Unhealthy);

    internal sealed class Mapping : IEntityTypeConfiguration<HealthPolicy>
    {
        public void Configure(EntityTypeBuilder<HealthPolicy> entity)
        {
            entity.Ignore(p => p.Content);
            entity.HasIndex(p => p.RuleId).IsUnique();
            entity.HasOne<LoadBalancer>().WithMany().HasForeignKey(p => p.RuleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>A health check policy as a value; what is not said is what load balancers do without one.</summary>
/// <param name="Id">The policy's id.</param>
public sealed record HealthCheck(Id<HealthPolicy> Id)
{
    /// <summary>What it is for, for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>What members are asked for by HTTP; null asks those of HTTP for "/", and others whether they take connections.</summary>
    public string? PingPath { get; init; }

    /// <summary>How long an answer may take.</summary>
    public int ResponseSeconds { get; init; } = 5;

    /// <summary>How long between two questions.</summary>
    public int IntervalSeconds { get; init; } = 5;

    /// <summary>Answers after which a member is well again.</summary>
    public int Healthy { get; init; } = 2;

    /// <summary>Misses after which a member is left out.</summary>
    public int Unhealthy { get; init; } = 3;
}
