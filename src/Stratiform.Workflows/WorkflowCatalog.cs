using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Stratiform.Workflows;

/// <summary>Every kind of workflow that this server can run, with the shape of its plan.</summary>
public sealed class WorkflowCatalog
{
    private readonly FrozenDictionary<(string Kind, int Version), Entry> _entries;
    private readonly FrozenDictionary<Type, Entry> _byType;

    /// <summary>Finds the workflows of the assemblies.</summary>
    public WorkflowCatalog(params IEnumerable<Assembly> assemblies)
    {
        var entries = assemblies.SelectMany(TypesOf).Select(EntryOf).ToList();
        _entries = entries.ToFrozenDictionary(e => (e.Kind, e.Version));
        _byType = entries.ToFrozenDictionary(e => e.Type);
    }

    /// <summary>All kinds in order of their names.</summary>
    public IReadOnlyList<Entry> All => [.. _entries.Values.OrderBy(e => e.Kind, StringComparer.Ordinal).ThenBy(e => e.Version)];

    /// <summary>The workflow's types in an assembly.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) =>
        assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(Workflow)));

    /// <summary>The entry of a row's kind and version, or null when this server does not know it.</summary>
    public Entry? Find(string kind, int version) => _entries.GetValueOrDefault((kind, version));

    /// <summary>The entry of a workflow's class.</summary>
    public Entry Of(Type workflow) => _byType[workflow];

    // A plan only names methods: it is read from an instance that has no services and is never run.
    private static Entry EntryOf(Type type)
    {
        var workflow = (Workflow)RuntimeHelpers.GetUninitializedObject(type);
        return new(type.Name, workflow.Version, type,
            [.. workflow.Plan.Steps.Select(s => new StepShape(s.Name, s.UndoStep?.Method.Name, (s as RunStep)?.Child))]);
    }

    /// <summary>One kind of workflow.</summary>
    /// <param name="Kind">Its name, as in the rows.</param>
    /// <param name="Version">Its plan's version.</param>
    /// <param name="Type">Its class.</param>
    /// <param name="Steps">Its plan.</param>
    public sealed record Entry(string Kind, int Version, Type Type, IReadOnlyList<StepShape> Steps)
    {
        /// <summary>The position of a step for people: "3 of 7: ChooseHost".</summary>
        public string Progress(string step)
        {
            var index = Steps.TakeWhile(s => s.Name != step).Count();
            return $"{index + 1} of {Steps.Count}: {step}";
        }
    }

    /// <summary>One step of a plan, without its code.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Undo">The name of what takes it back, if anything does.</param>
    /// <param name="Child">The workflow that it runs, if it runs one.</param>
    public sealed record StepShape(string Name, string? Undo, Type? Child);
}
