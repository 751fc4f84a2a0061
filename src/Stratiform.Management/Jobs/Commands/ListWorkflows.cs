using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>What the cloud is doing, by whomever it was asked for; the oldest first.</summary>
[Command("Lists workflows: the unfinished ones, unless another phase is asked for")]
internal sealed record ListWorkflows : ListQuery<WorkflowWire>
{
    [Description("Lists only this workflow")]
    public Guid? Id { get; init; }

    [Description("Lists only workflows of this plan: StartVm, ImplementNetwork …")]
    public string? Kind { get; init; }

    [Description("Lists only workflows in this phase: Forward, Undoing, Succeeded, Failed or Stuck")]
    public Phase? Phase { get; init; }

    [Description("Lists only workflows about this entity")]
    public Guid? InstanceId { get; init; }

    [Description("Lists only workflows that hold or wait for this: Kind/uuid")]
    public string? Subject { get; init; }
}

internal sealed class ListWorkflowsHandler(CloudDb db, Lists<WorkflowWire> lists) : IHandle<ListWorkflows, Page<WorkflowWire>>
{
    public Task<Page<WorkflowWire>> HandleAsync(ListWorkflows command, Caller caller, CancellationToken ct)
    {
        var workflows = db.Set<WorkflowRow>().AsNoTracking();
        if (command.Id is { } id) workflows = workflows.Where(w => w.Id == id);
        else if (command.Phase is { } phase) workflows = workflows.Where(w => w.Phase == phase);
        else workflows = workflows.Where(w => w.EndedAt == null);
        if (command.Kind is { } kind) workflows = workflows.Where(w => w.Kind == kind);
        if (command.InstanceId is { } about) workflows = workflows.Where(w => w.InstanceId == about);
        if (command.Subject is { } subject)
            workflows = workflows.Where(w => db.Set<WorkflowSubject>().Any(s => s.WorkflowId == w.Id && s.Subject == subject));
        if (command.Keyword is { } keyword) workflows = workflows.Where(w => EF.Functions.ILike(w.Kind, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(workflows.OrderBy(w => w.CreatedAt).ThenBy(w => w.Id).Select(w => w.Id), command, caller, ct);
    }
}
