using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>After the cause is mended: the undo goes on where it stands.</summary>
[Command("Lets a stuck workflow try its undo again")]
internal sealed record RetryWorkflow : ICommand<Shown<WorkflowWire>>
{
    [Description("The workflow")]
    public required Guid Id { get; init; }
}

internal sealed class RetryWorkflowHandler(StuckWorkflows stuck) : IHandle<RetryWorkflow, Shown<WorkflowWire>>
{
    public async Task<Shown<WorkflowWire>> HandleAsync(RetryWorkflow command, Caller caller, CancellationToken ct)
    {
        var workflow = await stuck.FindAsync(command.Id, caller, ct);
        stuck.Retry(workflow, caller);
        return new(workflow.Id);
    }
}
