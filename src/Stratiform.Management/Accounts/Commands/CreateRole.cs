using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Adds a role: an empty one of a type, or a copy of another.</summary>
[Command("Creates a role")]
internal sealed record CreateRole : ICommand<RoleWire>
{
    [Description("The role's name")]
    public required string Name { get; init; }

    [Description("The kind of account it is for: Admin, ResourceAdmin, DomainAdmin or User; or give roleid")]
    public string? Type { get; init; }

    [Description("The role whose kind and rules it begins with; or give type")]
    public Id<Role>? RoleId { get; init; }

    [Description("What it is for")]
    public string? Description { get; init; }

    [Description("Whether administrators of domains may give it to accounts; true unless said")]
    public bool? IsPublic { get; init; }
}

internal sealed class CreateRoleHandler(CloudDb db, LiveRoles live, Announcer announcer, TimeProvider clock) : IHandle<CreateRole, RoleWire>
{
    public async Task<RoleWire> HandleAsync(CreateRole command, Caller caller, CancellationToken ct)
    {
        if (command.Type is null == command.RoleId is null) throw Refusal.Parameter("Give type or roleid: a new role is of a type, or begins as a copy.");
        var from = command.RoleId is { } id ? await db.FindAsync(caller, id, ct, nameof(command.RoleId)) : null;
        await RoleNames.RequireFreeAsync(db, command.Name, ct);
        var type = from?.Type ?? RoleNames.RequireType(command.Type!);
        var role = new Role(command.Name, type, command.Description ?? from?.Description ?? "", clock.GetUtcNow()) { IsPublic = command.IsPublic ?? true };
        db.Add(role);
        if (from is not null)
        {
            var rules = await db.Set<RoleRule>().AsNoTracking().Where(rule => rule.RoleId == from.Id).ToListAsync(ct);
            db.AddRange(rules.Select(rule => new RoleRule(role.Id, rule.Pattern, rule.Permission, rule.Position) { Description = rule.Description }));
        }
        announcer.Changed(live);
        return RoleWire.Of(role);
    }
}
