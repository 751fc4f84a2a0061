using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>What a host sees of one domain; only the watch writes it.</summary>
public sealed class DomainSight
{
    /// <summary>The virtual machine or router.</summary>
    public required Guid DomainId { get; init; }
    public Id<Host> HostId { get; set; }
    public PowerState Power { get; set; }
    public string BootId { get; set; } = "";

    /// <summary>The highest fence the host had obeyed for it then; older than the last finished workflow's means outdated.</summary>
    public long Fence { get; set; }

    public DateTimeOffset SeenAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<DomainSight>
    {
        public void Configure(EntityTypeBuilder<DomainSight> entity)
        {
            entity.HasKey(s => s.DomainId);
            entity.HasIndex(s => s.HostId);
        }
    }
}
