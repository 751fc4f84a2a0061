using System.Text.Json;
using Microsoft.EntityFrameworkCore;
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

    /// <summary>Order of arrival, drawn by the database: older is admitted first.</summary>
    public long Arrival { get; set; }

    /// <summary>The plan's name in the catalogue.</summary>
    public required string Kind { get; set; }

    /// <summary>The plan's version.</summary>
    public int Version { get; set; }

    /// <summary>The workflow whose step waits for this one.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>The typed state record, as JSON.</summary>
    public required JsonDocument State { get; set; }

    /// <summary>Name of the step that runs next (or is being undone).</summary>
    public required string Step { get; set; }

    /// <summary>Where it stands.</summary>
    public Phase Phase { get; set; }

    /// <summary>True once it holds all its subjects.</summary>
    public bool Admitted { get; set; }

    /// <summary>How often the current step was tried and failed for something transient.</summary>
    public int Attempt { get; set; }

    /// <summary>When the current step was first tried; its deadline counts from here.</summary>
    public DateTimeOffset? StepSince { get; set; }

    /// <summary>Not before this time; far in the future while it waits for children.</summary>
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
    public JsonDocument? Result { get; set; }

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

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>True in the last three phases but Stuck, which waits for an operator.</summary>
    public bool HasEnded => Phase is Phase.Succeeded or Phase.Failed;

    internal sealed class Mapping : IEntityTypeConfiguration<WorkflowRow>
    {
        public void Configure(EntityTypeBuilder<WorkflowRow> entity)
        {
            entity.ToTable("Workflow");
            entity.Property(w => w.Arrival).HasDefaultValueSql("nextval('workflow_arrival')").ValueGeneratedOnAdd();
            entity.Property(w => w.Fence).IsConcurrencyToken();
            entity.HasIndex(w => w.Due).HasFilter("phase IN ('Forward', 'Undoing')");
            entity.HasIndex(w => w.ParentId);
            entity.HasIndex(w => new { w.AccountId, w.CreatedAt });
            entity.HasIndex(w => w.InstanceId);
        }
    }
}

/// <summary>A subject that a workflow named when it was enqueued.</summary>
public sealed class WorkflowSubject
{
    /// <summary>The workflow.</summary>
    public Guid WorkflowId { get; set; }

    /// <summary><c>Kind/uuid</c>.</summary>
    public required string Subject { get; set; }

    /// <summary>The workflow's order of arrival.</summary>
    public long Arrival { get; set; }

    /// <summary>Null once the workflow ended; true while it holds the subject, false while it waits for it.</summary>
    public bool? Held { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkflowSubject>
    {
        public void Configure(EntityTypeBuilder<WorkflowSubject> entity)
        {
            entity.HasKey(s => new { s.WorkflowId, s.Subject });
            entity.HasOne<WorkflowRow>().WithMany().HasForeignKey(s => s.WorkflowId).OnDelete(DeleteBehavior.Cascade);
            entity.HasIndex(s => s.Subject).IsUnique().HasFilter("held");
            entity.HasIndex(s => new { s.Subject, s.Arrival }).HasFilter("held IS NOT NULL");
        }
    }
}
