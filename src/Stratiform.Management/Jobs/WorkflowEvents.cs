using Stratiform.Management.Events;

namespace Stratiform.Management.Jobs;

/// <summary>What is recorded when an operator takes a stuck workflow into his own hands.</summary>
internal static class WorkflowEvents
{
    public static readonly EventType Retried = new("WORKFLOW.RETRY");
    public static readonly EventType StepSkipped = new("WORKFLOW.STEP.SKIP");
    public static readonly EventType GivenUp = new("WORKFLOW.GIVE.UP");
}
