using System.Runtime.CompilerServices;
using System.Text;
using Stratiform.Management;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>
/// Names of steps live in the rows of running clouds: a plan that changes needs a look at them, and a new version unless old
/// rows can go on with it. After that look, STRATIFORM_ACCEPT=1 writes the file anew.
/// </summary>
public sealed class PlanTests
{
    [Fact]
    public void Plans_are_as_the_snapshot_says()
    {
        var plans = Describe(new WorkflowCatalog(typeof(CloudSetup).Assembly));
        var file = Path.Combine(Path.GetDirectoryName(Here())!, "..", "Snapshots", "plans.txt");
        if (Environment.GetEnvironmentVariable("STRATIFORM_ACCEPT") == "1") File.WriteAllText(file, plans);
        plans.ShouldBe(File.ReadAllText(file));
    }

    private static string Describe(WorkflowCatalog catalog)
    {
        var text = new StringBuilder();
        foreach (var entry in catalog.All)
        {
            text.Append($"{entry.Kind} {entry.Version}\n");
            foreach (var step in entry.Steps)
                text.Append("  ").Append(step.Name)
                    .Append(step.Child is null ? "" : $" runs {step.Child.Name}").Append(step.Undo is null ? "" : $", undo {step.Undo}").Append('\n');
        }
        return text.ToString();
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
