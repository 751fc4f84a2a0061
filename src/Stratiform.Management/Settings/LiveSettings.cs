using System.Collections.Frozen;

namespace Stratiform.Management.Settings;

/// <summary>The values that hold now: what is stored, else the default. Reading one costs a look into a dictionary.</summary>
internal sealed class LiveSettings
{
    private FrozenDictionary<string, object> _changed = FrozenDictionary<string, object>.Empty;

    /// <summary>The value that holds now.</summary>
    public T Get<T>(Setting<T> setting) where T : IParsable<T>, IComparable<T> =>
        _changed.TryGetValue(setting.Name, out var value) ? (T)value : setting.Initial;
}
