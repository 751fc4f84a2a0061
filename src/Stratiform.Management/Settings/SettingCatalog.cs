using System.Collections.Frozen;
using System.Reflection;

namespace Stratiform.Management.Settings;

/// <summary>Every setting of the cloud, read once from the assembly: a static field that holds a <see cref="Setting"/> is one.</summary>
public sealed class SettingCatalog
{
    private const BindingFlags Fields = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private readonly FrozenDictionary<string, Setting> _byName;

    public SettingCatalog(Assembly assembly)
    {
        Settings =
        [
            .. assembly.GetTypes()
                .SelectMany(type => type.ContainsGenericParameters ? [] : type.GetFields(Fields))
                .Where(field => field.FieldType.IsAssignableTo(typeof(Setting)))
                .Select(field => (Setting)field.GetValue(null)!)
                .OrderBy(setting => setting.Name, StringComparer.Ordinal),
        ];
        _byName = Settings.ToFrozenDictionary(setting => setting.Name, StringComparer.Ordinal);
    }

    /// <summary>All settings, by name.</summary>
    public IReadOnlyList<Setting> Settings { get; }

    public Setting? Find(string name) => _byName.GetValueOrDefault(name);
}
