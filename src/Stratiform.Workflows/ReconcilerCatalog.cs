using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Stratiform.Workflows;

/// <summary>Every duty that this server knows.</summary>
public sealed class ReconcilerCatalog
{
    private readonly FrozenDictionary<string, Type> _types;

    /// <summary>Finds the reconcilers of the assemblies.</summary>
    public ReconcilerCatalog(params IEnumerable<Assembly> assemblies)
    {
        _types = assemblies.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false, IsClass: true } && t.IsAssignableTo(typeof(IReconciler)))
            .ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
        Names = [.. _types.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Their names in order.</summary>
    public string[] Names { get; }

    internal IReconciler Create(string name, IServiceProvider services) =>
        (IReconciler)ActivatorUtilities.CreateInstance(services, _types[name]);
}
