using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>The last resort: the operator cleans up by hand.</summary>
[Command("Ends a stuck workflow as failed and frees what it holds; audit shows what it leaves behind")]
internal sealed record GiveUpWorkflow : ICommand<Shown<WorkflowWire>>
{
    [Description("The workflow")]
    public required Guid Id { get; init; }
}

internal sealed class GiveUpWorkflowHandler(StuckWorkflows stuck) : IHandle<GiveUpWorkflow, Shown<WorkflowWire>>
{
    public async Task<Shown<WorkflowWire>> HandleAsync(GiveUpWorkflow command, Caller caller, CancellationToken ct)
    {
        var workflow = await stuck.FindAsync(command.Id, caller, ct);
        await stuck.GiveUpAsync(workflow, caller, ct);
        return new(workflow.Id);
    }
}
