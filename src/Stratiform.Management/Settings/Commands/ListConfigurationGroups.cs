using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Settings.Commands;

/// <summary>The two levels by which the console sorts settings.</summary>
[Command("Lists the groups of settings with their subgroups")]
internal sealed record ListConfigurationGroups : ListQuery<ConfigurationGroupWire>
{
    [Description("Lists only the group of this name")]
    public string? Group { get; init; }
}

/// <summary>A group of settings on the wire.</summary>
[WireName("configurationgroup")]
internal sealed record ConfigurationGroupWire
{
    [Description("The group's name")]
    public required string Name { get; init; }

    [Description("What its settings are about")]
    public required string Description { get; init; }

    [Description("Its place among the groups, from 1")]
    public required long Precedence { get; init; }

    [Description("Its subgroups")]
    public required IReadOnlyList<ConfigurationSubgroupWire> Subgroup { get; init; }
}

/// <summary>A subgroup of settings on the wire.</summary>
internal sealed record ConfigurationSubgroupWire
{
    [Description("The subgroup's name")]
    public required string Name { get; init; }

    [Description("Its place among the group's subgroups, from 1")]
    public required long Precedence { get; init; }
}

internal sealed class ListConfigurationGroupsHandler(SettingCatalog catalog, Pages pages)
    : IHandle<ListConfigurationGroups, Page<ConfigurationGroupWire>>
{
    public Task<Page<ConfigurationGroupWire>> HandleAsync(ListConfigurationGroups command, Caller caller, CancellationToken ct)
    {
        var groups = catalog.Settings.GroupBy(s => s.Group).OrderBy(g => g.Key, StringComparer.Ordinal).Select((group, i) => new ConfigurationGroupWire
        {
            Name = group.Key,
            Description = $"Settings of {group.Key}",
            Precedence = i + 1,
            Subgroup =
            [
                .. group.Select(s => s.Subgroup).Distinct().Order(StringComparer.Ordinal)
                    .Select((name, place) => new ConfigurationSubgroupWire { Name = name, Precedence = place + 1 }),
            ],
        });
        var wanted = groups
            .Where(g => command.Group is null || g.Name == command.Group)
            .Where(g => command.Keyword is null || g.Name.Contains(command.Keyword, StringComparison.OrdinalIgnoreCase));
        return Task.FromResult(pages.Of([.. wanted], command));
    }
}
