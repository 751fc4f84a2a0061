using System.Collections.Concurrent;

namespace Stratiform.Agent.Fencing;

/// <summary>Fences of a host that is not real: they last as long as the object.</summary>
public sealed class MemoryFenceStore : IFenceStore
{
    private readonly ConcurrentDictionary<string, long> _fences = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Thing, string> _owners = new();

    /// <inheritdoc/>
    public long FenceOf(string subject) => _fences.GetValueOrDefault(subject);

    /// <inheritdoc/>
    public string? OwnerOf(Thing thing) => _owners.GetValueOrDefault(thing);

    /// <inheritdoc/>
    public ValueTask RecordAsync(string subject, long fence, Thing thing, CancellationToken ct)
    {
        _fences[subject] = fence;
        _owners[thing] = subject;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask ReleaseAsync(Thing thing, CancellationToken ct)
    {
        _owners.TryRemove(thing, out _);
        return ValueTask.CompletedTask;
    }
}
