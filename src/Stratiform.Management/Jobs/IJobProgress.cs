using Stratiform.Workflows;

namespace Stratiform.Management.Jobs;

/// <summary>Says how far a running workflow is; the engine's catalogue of plans knows.</summary>
public interface IJobProgress
{
    /// <summary>"3 of 7: ChooseHost"; null when the plan is unknown.</summary>
    string? Text(WorkflowRow workflow);

    /// <summary>0 to 100.</summary>
    int Percent(WorkflowRow workflow);
}

/// <summary>For compositions without an engine.</summary>
internal sealed class NoProgress : IJobProgress
{
    public string? Text(WorkflowRow workflow) => null;

    public int Percent(WorkflowRow workflow) => workflow.HasEnded ? 100 : 0;
}
