using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Events;

namespace Stratiform.Management.Settings.Commands;

/// <summary>Changes a setting; the value holds on every server within moments.</summary>
[Command("Changes a setting; the new value holds without a restart")]
internal sealed record UpdateConfiguration : ICommand<ConfigurationWire>
{
    [Description("The setting")]
    public required string Name { get; init; }

    [Description("The new value")]
    [MaxLength(4096)]
    public string? Value { get; init; }
}

internal sealed class UpdateConfigurationHandler(
    SettingCatalog catalog, CloudDb db, LiveSettings live, Announcer announcer, EventLog events, TimeProvider time)
    : IHandle<UpdateConfiguration, ConfigurationWire>
{
    public async Task<ConfigurationWire> HandleAsync(UpdateConfiguration command, Caller caller, CancellationToken ct)
    {
        var setting = catalog.Find(command.Name) ?? throw Refusal.Parameter($"Config parameter with name {command.Name} doesn't exist");
        if (command.Value is not { } value) throw Refusal.Missing(caller.Command, "value");
        if (!setting.TryRead(value, out var read, out var why)) throw Refusal.Parameter(why);
        if (await setting.RefusedAsync(db, read, ct) is { } refused) throw Refusal.Parameter(refused);
        var row = await db.Set<SettingValue>().SingleOrDefaultAsync(s => s.Name == setting.Name, ct);
        if (row is null) db.Add(row = new SettingValue(setting.Name));
        row.Change(value.Trim(), time.GetUtcNow());
        events.Add(caller, SettingEvents.Changed, $"Setting {setting.Name} is now '{row.Value}'");
        announcer.Changed(live);
        return ConfigurationWire.Of(setting, row.Value);
    }
}
