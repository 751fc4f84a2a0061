using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>When what the undo would take back is gone already, or was taken back by hand.</summary>
[Command("Leaves out the undo that a stuck workflow fails at, and goes on with the one before")]
internal sealed record SkipWorkflowStep : ICommand<Shown<WorkflowWire>>
{
    [Description("The workflow")]
    public required Guid Id { get; init; }
}

internal sealed class SkipWorkflowStepHandler(StuckWorkflows stuck) : IHandle<SkipWorkflowStep, Shown<WorkflowWire>>
{
    public async Task<Shown<WorkflowWire>> HandleAsync(SkipWorkflowStep command, Caller caller, CancellationToken ct)
    {
        var workflow = await stuck.FindAsync(command.Id, caller, ct);
        await stuck.SkipAsync(workflow, caller, ct);
        return new(workflow.Id);
    }
}
