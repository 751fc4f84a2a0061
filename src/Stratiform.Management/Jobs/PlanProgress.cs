using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>Says how far a workflow is by its position in its plan.</summary>
internal sealed class PlanProgress(WorkflowCatalog catalog) : IJobProgress
{
    public string? Text(WorkflowRow workflow)
    {
        if (workflow.HasEnded) return null;
        var text = catalog.Find(workflow.Kind, workflow.Version)?.Progress(workflow.Step);
        return workflow.Phase == Phase.Undoing ? $"undoing {text}" : text;
    }

    public int Percent(WorkflowRow workflow)
    {
        if (workflow.HasEnded) return 100;
        if (catalog.Find(workflow.Kind, workflow.Version) is not { } entry) return 0;
        return 100 * entry.Steps.TakeWhile(s => s.Name != workflow.Step).Count() / entry.Steps.Count;
    }
}
