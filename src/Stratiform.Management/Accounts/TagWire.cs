using System.ComponentModel;

namespace Stratiform.Management.Accounts;

/// <summary>A tag as clients see it inside what it is attached to.</summary>
public sealed record TagWire
{
    [Description("The tag's name")]
    public required string Key { get; init; }

    [Description("The tag's value")]
    public required string Value { get; init; }
}
