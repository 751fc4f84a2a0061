using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>A workflow as an operator sees it: where it stands, what it holds, and why it does not go on.</summary>
[WireName("workflow")]
internal sealed record WorkflowWire
{
    [Description("The workflow; also the job's id")]
    public required Guid Id { get; init; }

    [Description("Its plan")]
    public required string Kind { get; init; }

    [Description("The step that runs next, or is being undone")]
    public required string Step { get; init; }

    [Description("Forward, Undoing, Succeeded, Failed or Stuck")]
    public required Phase Phase { get; init; }

    [Description("How far it is: 3 of 7: ChooseHost")]
    public string? Progress { get; init; }

    [Description("What it holds or waits for: Kind/uuid")]
    public required IReadOnlyList<string> Subjects { get; init; }

    [Description("False while it waits for others that hold its subjects")]
    public required bool Admitted { get; init; }

    [Description("The kind of entity it is about")]
    public string? InstanceType { get; init; }

    [Description("The entity it is about")]
    public Guid? InstanceId { get; init; }

    [Description("The workflow whose step waits for it")]
    public Guid? ParentId { get; init; }

    [Description("The command that asked for it; absent when the cloud itself did")]
    public string? Command { get; init; }

    [Description("The code of what went wrong")]
    public int? ErrorCode { get; init; }

    [Description("What went wrong")]
    public string? ErrorText { get; init; }

    [Description("Why it was asked to undo")]
    public string? CancelReason { get; init; }

    [Description("How often the step was tried in vain")]
    public required int Attempts { get; init; }

    [Description("Since when the step is tried, or else when the workflow was asked for")]
    public required DateTimeOffset Since { get; init; }

    [Description("Not before then it goes on")]
    public required DateTimeOffset Due { get; init; }

    [Description("The server that works on it")]
    public string? Runner { get; init; }

    [Description("When it was asked for")]
    public required DateTimeOffset Created { get; init; }

    [Description("When it ended")]
    public DateTimeOffset? Completed { get; init; }
}

internal sealed class WorkflowWireReader(CloudDb db, IJobProgress progress) : IReadWire<WorkflowWire>
{
    public async Task<IReadOnlyList<WorkflowWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var rows = await db.Set<WorkflowRow>().AsNoTracking().Where(w => ids.Contains(w.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, w => w.Id).Select(Shape)];
    }

    private WorkflowWire Shape(WorkflowRow w) => new()
    {
        Id = w.Id,
        Kind = w.Kind,
        Step = w.Step,
        Phase = w.Phase,
        Progress = progress.Text(w),
        Subjects = w.Subjects,
        Admitted = w.Admitted,
        InstanceType = w.InstanceKind.Length > 0 ? w.InstanceKind : null,
        InstanceId = w.InstanceId,
        ParentId = w.ParentId,
        Command = w.Command.Length > 0 ? w.Command : null,
        ErrorCode = w.ErrorCode,
        ErrorText = w.ErrorText,
        CancelReason = w.CancelReason,
        Attempts = w.Attempt,
        Since = w.StepSince ?? w.CreatedAt,
        Due = w.Due,
        Runner = w.LeaseOwner,
        Created = w.CreatedAt,
        Completed = w.EndedAt,
    };
}
