using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>How clients of a load balancer come back to the member that they had.</summary>
public sealed class StickinessPolicy
{
    private StickinessPolicy() { }

    public StickinessPolicy(Id<NetworkRule> rule, Stickiness stickiness)
    {
        (Id, RuleId) = (stickiness.Id, rule);
        (Name, Description, Method) = (stickiness.Name, stickiness.Description, stickiness.Method);
        Parameters = JsonSerializer.Serialize(stickiness.Parameters);
    }

    public Id<StickinessPolicy> Id { get; private set; }
    public Id<NetworkRule> RuleId { get; private set; }
    public string Name { get; private set; } = "";
    public string Description { get; private set; } = "";
    public StickyMethod Method { get; private set; }

    /// <summary>Names and values as JSON.</summary>
    public string Parameters { get; private set; } = "{}";

    /// <summary>As a value.</summary>
    public Stickiness Content => new(Id, Name, Description, Method, JsonSerializer.Deserialize<Dictionary<string, string>>(Parameters)!);

    internal sealed class Mapping : IEntityTypeConfiguration<StickinessPolicy>
    {
        public void Configure(EntityTypeBuilder<StickinessPolicy> entity)
        {
            entity.Property(p => p.Parameters).HasColumnType("jsonb");
            entity.HasIndex(p => p.RuleId).IsUnique();
            entity.HasOne<LoadBalancer>().WithMany().HasForeignKey(p => p.RuleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>By what a client is known again.</summary>
public enum StickyMethod
{
    /// <summary>A cookie that the load balancer sets.</summary>
    LbCookie,

    /// <summary>A cookie that the members set.</summary>
    AppCookie,

    /// <summary>The client's address.</summary>
    SourceBased,
}

/// <summary>A stickiness policy as a value.</summary>
/// <param name="Id">The policy's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is for, for people.</param>
/// <param name="Method">By what a client is known again.</param>
/// <param name="Parameters">The method's parameters, checked by <see cref="StickyParameters"/>.</param>
public sealed record Stickiness(
    Id<StickinessPolicy> Id, string Name, string Description, StickyMethod Method, IReadOnlyDictionary<string, string> Parameters);
