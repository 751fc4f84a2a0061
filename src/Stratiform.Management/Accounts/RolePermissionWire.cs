using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A rule of a role on the wire.</summary>
[WireName("rolepermission")]
internal sealed record RolePermissionWire
{
    [Description("The rule")]
    public required Id<RoleRule> Id { get; init; }

    [Description("Its role")]
    public required Id<Role> RoleId { get; init; }

    [Description("That role's name")]
    public required string RoleName { get; init; }

    [Description("A command's name, with * for anything")]
    public required string Rule { get; init; }

    [Description("allow or deny")]
    public required string Permission { get; init; }

    [Description("What the rule is for")]
    public required string Description { get; init; }

    public static RolePermissionWire Of(RoleRule rule, Role role) => new()
    {
        Id = rule.Id,
        RoleId = role.Id,
        RoleName = role.Name,
        Rule = rule.Pattern,
        Permission = rule.Permission.ToString().ToLowerInvariant(),
        Description = rule.Description,
    };
}
