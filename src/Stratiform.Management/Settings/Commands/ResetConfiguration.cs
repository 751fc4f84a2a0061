using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Events;

namespace Stratiform.Management.Settings.Commands;

/// <summary>Gives a setting its default again.</summary>
[Command("Gives a setting its default again")]
internal sealed record ResetConfiguration : ICommand<ConfigurationWire>
{
    [Description("The setting")]
    public required string Name { get; init; }
}

internal sealed class ResetConfigurationHandler(SettingCatalog catalog, CloudDb db, LiveSettings live, Announcer announcer, EventLog events)
    : IHandle<ResetConfiguration, ConfigurationWire>
{
    public async Task<ConfigurationWire> HandleAsync(ResetConfiguration command, Caller caller, CancellationToken ct)
    {
        var setting = catalog.Find(command.Name) ?? throw Refusal.Parameter($"Config parameter with name {command.Name} doesn't exist");
        var row = await db.Set<SettingValue>().SingleOrDefaultAsync(s => s.Name == setting.Name, ct);
        if (row is not null) db.Remove(row);
        events.Add(caller, SettingEvents.Changed, $"Setting {setting.Name} has its default '{setting.DefaultText}' again");
        announcer.Changed(live);
        return ConfigurationWire.Of(setting, stored: null);
    }
}
