using System.Reflection;

namespace Stratiform.Management.Events;

/// <summary>Every kind of event that this cloud records, read once from the assembly.</summary>
internal sealed class EventCatalog(Assembly assembly)
{
    private const BindingFlags Fields = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>All kinds, by name.</summary>
    public IReadOnlyList<EventType> Types { get; } =
    [
        .. assembly.GetTypes()
            .SelectMany(type => type.ContainsGenericParameters ? [] : type.GetFields(Fields))
            .Where(field => field.FieldType == typeof(EventType))
            .Select(field => (EventType)field.GetValue(null)!)
            .Distinct()
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    /// <summary>What a command records; null for nothing.</summary>
    public EventType? Of(string command) => Types.FirstOrDefault(type => type.Of.Contains(command));
}
