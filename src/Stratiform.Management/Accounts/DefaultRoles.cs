using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>
/// The roles that come with the cloud. Their rules follow from what each command declares; at every start the rules of
/// commands that are new are added, and none is taken away, so that old and new servers may run side by side.
/// </summary>
internal sealed class DefaultRoles(CloudDb db, ApiCatalog catalog, TimeProvider time)
{
    /// <summary>Adds what is missing.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        (Role Role, IEnumerable<string> Patterns)[] wanted =
        [
            (Of(AllowedTo.RootAdmin, "Root Admin", "Operates the cloud and may do everything"), ["*"]),
            (Of(AllowedTo.ResourceAdmin, "Resource Admin", "Administers the resources of a domain"), For(AllowedTo.ResourceAdmin)),
            (Of(AllowedTo.DomainAdmin, "Domain Admin", "Administers a domain and all below it"), For(AllowedTo.DomainAdmin)),
            (Of(AllowedTo.User, "User", "Uses what its account owns"), For(AllowedTo.User)),
            (Role.Default("ReadOnlyAdmin", "Read-Only Admin - Default", AllowedTo.RootAdmin, "Sees everything and changes nothing", now),
                Queries(AllowedTo.RootAdmin)),
            (Role.Default("ReadOnlyUser", "Read-Only User - Default", AllowedTo.User, "Sees what its account owns and changes nothing", now),
                Queries(AllowedTo.User)),
        ];
        foreach (var (role, patterns) in wanted) await EnsureAsync(role, [.. patterns], ct);

        Role Of(AllowedTo type, string name, string description) => Role.Default(type.ToString(), name, type, description, now);
    }

    /// <summary>Servers may start at the same time, so both statements pass over what is there.</summary>
    private async Task EnsureAsync(Role role, string[] patterns, CancellationToken ct)
    {
        var ids = patterns.Select(_ => Id.New<RoleRule>().Value).ToArray();
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO role (id, name, description, type, is_default, is_public, created_at)
            VALUES ({role.Id.Value}, {role.Name}, {role.Description}, {role.Type.ToString()}, true, true, {role.CreatedAt})
            ON CONFLICT DO NOTHING
            """,
            ct);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO role_rule (id, role_id, pattern, permission, description, position)
            SELECT id, {role.Id.Value}, pattern, 'Allow', '', position
            FROM unnest({ids}, {patterns}) WITH ORDINALITY AS rule (id, pattern, position)
            ON CONFLICT DO NOTHING
            """,
            ct);
    }

    private IEnumerable<string> For(AllowedTo type) => catalog.Commands.Where(c => c.Declared.Allowed.HasFlag(type)).Select(c => c.Name);

    private IEnumerable<string> Queries(AllowedTo type) => catalog.Commands
        .Where(c => c is { IsQuery: true, Declared.ShowsSecrets: false } && c.Declared.Allowed.HasFlag(type))
        .Select(c => c.Name);
}
