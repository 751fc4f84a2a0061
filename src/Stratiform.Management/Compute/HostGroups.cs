using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>What a host knows of security groups. Each change that it has to know raises the number that it has to reach.</summary>
public sealed class HostGroups
{
    public required Id<Host> HostId { get; init; }

    /// <summary>Grows with each change that the host has to know.</summary>
    public long Wanted { get; private set; } = 1;

    /// <summary>The newest that it put in force.</summary>
    public long Applied { get; private set; }

    /// <summary>The boot that it did so in: with the next one all is gone.</summary>
    public string BootId { get; private set; } = "";

    public static Subject SubjectOf(Id<Host> host) => new(SubjectKinds.HostGroups, host.Value);

    public void Told(long generation, string boot) => (Applied, BootId) = (generation, boot);

    internal sealed class Mapping : IEntityTypeConfiguration<HostGroups>
    {
        public void Configure(EntityTypeBuilder<HostGroups> entity)
        {
            entity.HasKey(g => g.HostId);
            entity.HasOne<Host>().WithOne().HasForeignKey<HostGroups>(g => g.HostId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
