using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Stratiform.Workflows.Tests.Cloud;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>Counts what the laws were tried on, and says so when all are done.</summary>
public sealed class LawCount(IMessageSink sink) : IDisposable
{
    private readonly ConcurrentDictionary<Type, int> _steps = new();
    private readonly ConcurrentDictionary<FaultKind, int> _runs = new();

    internal void Add(Type workflow, IReadOnlyList<string> steps, Fault fault)
    {
        _steps[workflow] = steps.Count;
        _runs.AddOrUpdate(fault.Kind, 1, (_, count) => count + 1);
    }

    public void Dispose()
    {
        var line = string.Create(CultureInfo.InvariantCulture,
            $"laws: {_steps.Count} workflows x {_steps.Values.Sum()} steps x {_runs.Count} faults = {_runs.Values.Sum()} runs");
        sink.OnMessage(new DiagnosticMessage(line));
        var artifacts = typeof(LawCount).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Artifacts").Value!;
        File.WriteAllText(Path.Combine(artifacts, "laws.txt"), line + "\n");
    }
}
