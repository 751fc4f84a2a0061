using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Settings.Commands;

/// <summary>The settings with the values that hold now.</summary>
[Command("Lists settings with the values that hold now")]
internal sealed record ListConfigurations : ListQuery<ConfigurationWire>
{
    [Description("Lists only the setting of this name")]
    public string? Name { get; init; }

    [Description("Lists only settings of this category")]
    public string? Category { get; init; }

    [Description("Lists only settings of this group")]
    public string? Group { get; init; }

    [Description("Lists only settings of this subgroup")]
    public string? Subgroup { get; init; }
}

internal sealed class ListConfigurationsHandler(SettingCatalog catalog, CloudDb db, Pages pages)
    : IHandle<ListConfigurations, Page<ConfigurationWire>>
{
    public async Task<Page<ConfigurationWire>> HandleAsync(ListConfigurations command, Caller caller, CancellationToken ct)
    {
        var stored = await db.Set<SettingValue>().AsNoTracking().ToDictionaryAsync(row => row.Name, row => row.Value, ct);
        var rows = catalog.Settings
            .Where(s => command.Name is null || s.Name == command.Name)
            .Where(s => command.Category is null || s.Category.Equals(command.Category, StringComparison.OrdinalIgnoreCase))
            .Where(s => command.Group is null || s.Group == command.Group)
            .Where(s => command.Subgroup is null || s.Subgroup == command.Subgroup)
            .Where(s => command.Keyword is null || s.Name.Contains(command.Keyword, StringComparison.OrdinalIgnoreCase)
                || s.Description.Contains(command.Keyword, StringComparison.OrdinalIgnoreCase))
            .Select(s => ConfigurationWire.Of(s, stored.GetValueOrDefault(s.Name)));
        return pages.Of([.. rows], command);
    }
}
