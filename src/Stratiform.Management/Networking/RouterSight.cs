using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>What a router found when it looked at itself last.</summary>
public sealed class RouterSight
{
    private static readonly RouterLook Silent = new("agent", "it does not answer");

    public required Id<Router> RouterId { get; init; }
    public DateTimeOffset LookedAt { get; private set; }

    /// <summary>Whether everything it looked at is well.</summary>
    public bool IsWell { get; private set; }

    /// <summary>What it looked at, as JSON.</summary>
    public string Looks { get; private set; } = "[]";

    /// <summary>As values.</summary>
    public IReadOnlyList<RouterLook> Found => JsonSerializer.Deserialize<List<RouterLook>>(Looks)!;

    /// <summary>Names of what is not well.</summary>
    public IEnumerable<string> Ills => Found.Where(look => look.Text.Length > 0).Select(look => look.Name);

    internal void Saw(RouterHealth health, DateTimeOffset now)
    {
        var looks = health.Answers ? health.Looks : [Silent];
        (LookedAt, IsWell, Looks) = (now, looks.All(look => look.Text.Length == 0), JsonSerializer.Serialize(looks));
    }

    internal sealed class Mapping : IEntityTypeConfiguration<RouterSight>
    {
        public void Configure(EntityTypeBuilder<RouterSight> entity)
        {
            entity.HasKey(s => s.RouterId);
            entity.Ignore(s => s.Found).Ignore(s => s.Ills);
            entity.Property(s => s.Looks).HasColumnType("jsonb");
            entity.HasOne<Router>().WithMany().HasForeignKey(s => s.RouterId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
