using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Stratiform.Workflows;

/// <summary>One duty of the cloud: compares what should be with what is.</summary>
/// <remarks>
/// It takes no input. Told or not told, it does the same: it looks, and where something differs it enqueues a workflow, once
/// (<see cref="WorkflowQueue.EnqueueUnlessPendingAsync{TWorkflow}(Order{TWorkflow}, CancellationToken)"/>). It sends nothing that has an effect. So a nudge that gets lost
/// costs the interval, never a wrong state; and it may run on any server, or on two at once.
/// </remarks>
public interface IReconciler
{
    /// <summary>How often it runs when nobody nudges it; read anew before each run.</summary>
    TimeSpan Interval { get; }

    /// <summary>Looks once.</summary>
    Task ReconcileAsync(CancellationToken ct);
}

/// <summary>When a reconciler is due and who runs it.</summary>
public sealed class ReconcilerRow
{
    /// <summary>The class's name.</summary>
    public required string Name { get; set; }

    /// <summary>Runs at or after this time; a nudge sets it to now.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>The engine that runs it.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when, by the database's clock.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Drawn with each lease.</summary>
    public long Fence { get; set; }

    /// <summary>When it last ended well.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>What went wrong last; null when it ended well.</summary>
    public string? Error { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ReconcilerRow>
    {
        public void Configure(EntityTypeBuilder<ReconcilerRow> entity)
        {
            entity.ToTable("Reconciler");
            entity.HasKey(r => r.Name);
        }
    }
}
