using System.Diagnostics.Metrics;

namespace Stratiform.Workflows;

/// <summary>Counts the steps that engines of this process took, by kind of workflow.</summary>
internal static class StepMeter
{
    // The cloud's own meter: the server shows what is counted under this name.
    private static readonly Meter Meter = new("Stratiform");

    private static readonly Counter<long> Steps = Meter.CreateCounter<long>(
        "stratiform_workflow_steps", description: "Steps of workflows taken and written down, by kind");

    /// <summary>Counts a step.</summary>
    public static void Taken(string kind) => Steps.Add(1, new KeyValuePair<string, object?>("kind", kind));
}
