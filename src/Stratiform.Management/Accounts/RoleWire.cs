using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A role on the wire.</summary>
[WireName("role")]
internal sealed record RoleWire
{
    [Description("The role")]
    public required Id<Role> Id { get; init; }

    [Description("Its name")]
    public required string Name { get; init; }

    [Description("The kind of account it is for: Admin, ResourceAdmin, DomainAdmin or User")]
    public required string Type { get; init; }

    [Description("What it is for")]
    public required string Description { get; init; }

    [Description("Whether it comes with the cloud")]
    public required bool IsDefault { get; init; }

    [Description("Whether administrators of domains may give it to accounts")]
    public required bool IsPublic { get; init; }

    [Description("enabled")]
    public string State { get; init; } = "enabled";

    public static RoleWire Of(Role role) => new()
    {
        Id = role.Id,
        Name = role.Name,
        Type = Account.RoleTypeOf(role.Type),
        Description = role.Description,
        IsDefault = role.IsDefault,
        IsPublic = role.IsPublic,
    };
}
