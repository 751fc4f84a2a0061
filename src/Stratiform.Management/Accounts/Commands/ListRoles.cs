using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The roles that the caller may give to accounts.</summary>
[Command("Lists the roles that accounts can have", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ListRoles : ListQuery<RoleWire>
{
    [Description("Lists only this role")]
    public Id<Role>? Id { get; init; }

    [Description("Lists only the role of this name")]
    public string? Name { get; init; }

    [Description("Lists only roles of this kind: Admin, ResourceAdmin, DomainAdmin or User")]
    public string? Type { get; init; }
}

internal sealed class ListRolesHandler(CloudDb db, Pages pages) : IHandle<ListRoles, Page<RoleWire>>
{
    public async Task<Page<RoleWire>> HandleAsync(ListRoles command, Caller caller, CancellationToken ct)
    {
        var roles = db.Set<Role>().AsNoTracking();
        if (!caller.IsRootAdmin) roles = roles.Where(role => role.IsPublic && role.Type != AllowedTo.RootAdmin);
        if (command.Id is { } id) roles = roles.Where(role => role.Id == id);
        if (command.Name is { } name) roles = roles.Where(role => role.Name == name);
        if (command.Keyword is { } keyword) roles = roles.Where(role => EF.Functions.ILike(role.Name, Keyword.Pattern(keyword), Keyword.Escape));
        var shown = (await roles.OrderBy(role => role.Name).ToListAsync(ct)).Select(RoleWire.Of);
        if (command.Type is { } type) shown = shown.Where(role => role.Type.Equals(type, StringComparison.OrdinalIgnoreCase));
        return pages.Of([.. shown], command);
    }
}
