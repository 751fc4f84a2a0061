using System.ComponentModel;
using System.Globalization;
using Stratiform.Management.Api;

namespace Stratiform.Management.Settings;

/// <summary>A setting on the wire.</summary>
[WireName("configuration")]
internal sealed record ConfigurationWire
{
    [Description("The setting's name")]
    public required string Name { get; init; }

    [Description("The value that holds now")]
    public required string Value { get; init; }

    [Description("The value that holds while nobody changes it")]
    public required string DefaultValue { get; init; }

    [Description("What it changes")]
    public required string Description { get; init; }

    [Description("The older way of sorting settings")]
    public required string Category { get; init; }

    [Description("Its place in the console, first level")]
    public required string Group { get; init; }

    [Description("Its place in the console, second level")]
    public required string Subgroup { get; init; }

    [Description("Its name as a title")]
    public required string DisplayText { get; init; }

    [Description("Boolean, Number, Decimal or String")]
    public required string Type { get; init; }

    [Description("The only values allowed, when there are few")]
    public string? Options { get; init; }

    [Description("What one value holds for; Global is the whole cloud")]
    public string Scope { get; init; } = "Global";

    [Description("Whether a change holds without a restart; always true")]
    public bool IsDynamic { get; init; } = true;

    public static ConfigurationWire Of(Setting setting, string? stored) => new()
    {
        Name = setting.Name,
        Value = stored ?? setting.DefaultText,
        DefaultValue = setting.DefaultText,
        Description = setting.Description,
        Category = setting.Category,
        Group = setting.Group,
        Subgroup = setting.Subgroup,
        DisplayText = CultureInfo.InvariantCulture.TextInfo.ToTitleCase(setting.Name.Replace('.', ' ')),
        Type = setting.TypeName,
        Options = setting.OptionsText,
    };
}
