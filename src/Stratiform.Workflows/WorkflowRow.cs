using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Stratiform.Workflows;

/// <summary>Where a workflow stands.</summary>
public enum Phase
{
    /// <summary>Doing its steps.</summary>
    Forward,
    /// <summary>Taking back what it did.</summary>
    Undoing,
    /// <summary>All steps are done.</summary>
    Succeeded,
    /// <summary>It failed, and what it did is taken back.</summary>
    Failed,
    /// <summary>An undo keeps failing; an operator retries, skips or gives up.</summary>
    Stuck,
}

/// <summary>
/// One operation someone asked for: position, state and lease of a workflow in one row. It is also the asynchronous job of the API.
/// </summary>
public sealed class WorkflowRow
{
    /// <summary>The id; the job's id on the wire.</summary>
    public Guid Id { get; set; }

    /// <summary>The plan's name in the catalogue.</summary>
    public required string Kind { get; set; }

    /// <summary>The plan's version.</summary>
    public int Version { get; set; }

    /// <summary>The workflow whose step waits for this one.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>The step of the parent that waits.</summary>
    public string ParentStep { get; set; } = "";

    /// <summary>What it queued for (<c>Kind/uuid</c>), without what it uses of its parent's.</summary>
    public string[] Subjects { get; set; } = [];

    /// <summary>What it may tell hosts about without queueing: what its ancestors hold.</summary>
    public string[] Inherited { get; set; } = [];

    /// <summary>The typed state record, as JSON.</summary>
    public required string State { get; set; }

    /// <summary>Name of the step that runs next (or is being undone).</summary>
    public required string Step { get; set; }

    /// <summary>Where it stands.</summary>
    public Phase Phase { get; set; }

    /// <summary>True for what may cut in: it asks the holder of its subjects to undo and is admitted next.</summary>
    public bool Overtakes { get; set; }

    /// <summary>True once it holds all its subjects.</summary>
    public bool Admitted { get; set; }

    /// <summary>How often the current step was tried and failed for something transient.</summary>
    public int Attempt { get; set; }

    /// <summary>When the current step was first tried; its deadline counts from here.</summary>
    public DateTimeOffset? StepSince { get; set; }

    /// <summary>Not before this time.</summary>
    public DateTimeOffset Due { get; set; }

    /// <summary>The runner that works on it.</summary>
    public string? LeaseOwner { get; set; }

    /// <summary>Until when, by the database's clock.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>Drawn with each lease from one sequence: a later runner outranks an earlier one everywhere.</summary>
    public long Fence { get; set; }

    /// <summary>Someone asked it to undo at its next step boundary; why.</summary>
    public string? CancelReason { get; set; }

    /// <summary>The error's code, once it failed or undoes.</summary>
    public int? ErrorCode { get; set; }

    /// <summary>The error's text.</summary>
    public string? ErrorText { get; set; }

    /// <summary>What the workflow has to tell beyond its instance, as JSON.</summary>
    public string? Result { get; set; }

    /// <summary>The command that asked for it; empty for reconcilers.</summary>
    public string Command { get; set; } = "";

    /// <summary>The user who asked; nil for the cloud itself.</summary>
    public Guid UserId { get; set; }

    /// <summary>The account on whose behalf.</summary>
    public Guid AccountId { get; set; }

    /// <summary>That account's domain.</summary>
    public Guid DomainId { get; set; }

    /// <summary>What kind of entity it is about (VirtualMachine …); empty for none.</summary>
    public string InstanceKind { get; set; } = "";

    /// <summary>That entity's id.</summary>
    public Guid? InstanceId { get; set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its first step began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>True when nothing more will happen; a stuck one waits for an operator.</summary>
    public bool HasEnded => Phase is Phase.Succeeded or Phase.Failed;

    internal sealed class Mapping : IEntityTypeConfiguration<WorkflowRow>
    {
        public void Configure(EntityTypeBuilder<WorkflowRow> entity)
        {
            entity.ToTable("Workflow");
            entity.Property(w => w.State).HasColumnType("jsonb");
            entity.Property(w => w.Result).HasColumnType("jsonb");
            entity.Property(w => w.Fence).IsConcurrencyToken();
            // Others ask to cancel while a runner holds the row: each commit reads it back and never writes it.
            entity.Property(w => w.CancelReason).ValueGeneratedOnUpdate()
                .Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
            entity.HasIndex(w => w.Due).HasFilter("ended_at IS NULL");
            // Steps change no indexed column: with room on its page a row moves on without touching the indexes.
            entity.HasStorageParameter("fillfactor", 70);
            entity.HasIndex(w => w.Overtakes).HasFilter("overtakes AND NOT admitted AND ended_at IS NULL");
            entity.HasIndex(w => w.LeaseOwner).HasFilter("lease_owner IS NOT NULL");
            entity.HasIndex(w => w.ParentId);
            entity.HasIndex(w => new { w.AccountId, w.CreatedAt });
            entity.HasIndex(w => w.InstanceId);
        }
    }
}

/// <summary>A subject that an unfinished workflow holds or waits for.</summary>
public sealed class WorkflowSubject
{
    /// <summary>The workflow.</summary>
    public Guid WorkflowId { get; set; }

    /// <summary><c>Kind/uuid</c>.</summary>
    public required string Subject { get; set; }

    /// <summary>When the workflow was asked for, with its id as the tie-breaker: the older is admitted first.</summary>
    public DateTimeOffset ArrivedAt { get; set; }

    /// <summary>Whether the workflow goes before those that wait.</summary>
    public bool Overtakes { get; set; }

    /// <summary>True while it holds the subject, false while it waits for it.</summary>
    public bool Held { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkflowSubject>
    {
        public void Configure(EntityTypeBuilder<WorkflowSubject> entity)
        {
            entity.HasKey(s => new { s.WorkflowId, s.Subject });
            entity.HasOne<WorkflowRow>().WithMany().HasForeignKey(s => s.WorkflowId).OnDelete(DeleteBehavior.Cascade);
            entity.HasIndex(s => s.Subject).IsUnique().HasFilter("held").HasDatabaseName("IX_WorkflowSubject_Holder");
            entity.HasIndex(s => new { s.Subject, s.ArrivedAt });
        }
    }
}
