using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure;

/// <summary>What is seen of a host; only the watch writes it, so that it never competes with what is wanted.</summary>
public sealed class HostSight
{
    public required Id<Host> HostId { get; init; }
    public HostState State { get; set; } = HostState.Connecting;

    /// <summary>The boot that the last observation came from.</summary>
    public string BootId { get; set; } = "";

    /// <summary>The boot after which the host was last given its pools and networks; until then nothing can run on it.</summary>
    public string ConnectedBootId { get; set; } = "";

    /// <summary>Has the host given its pools and networks anew: it may lack some.</summary>
    public void ConnectAgain() => ConnectedBootId = "";

    /// <summary>The system-VM images that are installed there; null until it has told.</summary>
    public string[]? Images { get; set; }

    /// <summary>When the state last changed.</summary>
    public DateTimeOffset Since { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<HostSight>
    {
        public void Configure(EntityTypeBuilder<HostSight> entity)
        {
            entity.HasKey(s => s.HostId);
            entity.HasOne<Host>().WithOne().HasForeignKey<HostSight>(s => s.HostId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Whether a host's agent is heard.</summary>
public enum HostState
{
    /// <summary>Added, not heard yet.</summary>
    Connecting,
    /// <summary>Heard within the last heartbeats.</summary>
    Up,
    /// <summary>Not heard; what runs there may still run.</summary>
    Disconnected,
}
