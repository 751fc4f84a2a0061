using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management.Settings;

/// <summary>The values that hold now: what is stored, else the default. Reading one costs a look into a dictionary.</summary>
public sealed partial class LiveSettings(SettingCatalog catalog, IServiceScopeFactory scopes, ILogger<LiveSettings> logger) : IRemembered
{
    private FrozenDictionary<string, object> _changed = FrozenDictionary<string, object>.Empty;

    /// <summary>Raised after values were read, whether or not they differ.</summary>
    public event Action? WereRead;

    public string Topic => "settings";

    /// <summary>The value that holds now.</summary>
    public T Get<T>(Setting<T> setting) where T : IParsable<T>, IComparable<T> =>
        _changed.TryGetValue(setting.Name, out var value) ? (T)value : setting.Initial;

    public async Task ReadAgainAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var rows = await scope.ServiceProvider.GetRequiredService<CloudDb>().Set<SettingValue>().AsNoTracking().ToListAsync(ct);
        var changed = new Dictionary<string, object>();
        foreach (var row in rows)
        {
            if (catalog.Find(row.Name) is not { } setting) continue;
            if (setting.TryRead(row.Value, out var value, out var why)) changed[row.Name] = value;
            else Log.Unreadable(logger, row.Name, why);
        }
        _changed = changed.ToFrozenDictionary();
        WereRead?.Invoke();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The stored value of setting {Setting} does not hold, so its default does: {Why}")]
        public static partial void Unreadable(ILogger logger, string setting, string why);
    }
}
