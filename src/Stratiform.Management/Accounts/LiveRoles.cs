using System.Collections.Frozen;
using System.IO.Enumeration;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>What each role may call: its rules, evaluated once for every command whenever they change.</summary>
internal sealed class LiveRoles(ApiCatalog catalog, IServiceScopeFactory scopes) : IRemembered
{
    private FrozenDictionary<Id<Role>, Known> _roles = FrozenDictionary<Id<Role>, Known>.Empty;

    public string Topic => "roles";

    /// <summary>True when the role's rules let it call the command; a role that is gone may call nothing.</summary>
    public bool Allows(Id<Role> role, ApiCommand command) => _roles.TryGetValue(role, out var known) && known.Allowed.Contains(command.Name);

    /// <summary>True when the role was there at the last reading.</summary>
    public bool Knows(Id<Role> role) => _roles.ContainsKey(role);

    /// <summary>True when one role may call nothing that another may not; a role that is gone covers nothing.</summary>
    public bool Covers(Id<Role> one, Id<Role> other) =>
        _roles.TryGetValue(one, out var mine) && _roles.TryGetValue(other, out var theirs) && theirs.Allowed.IsSubsetOf(mine.Allowed);

    /// <summary>The role's name, for those who show accounts.</summary>
    public string? NameOf(Id<Role> role) => _roles.GetValueOrDefault(role)?.Name;

    public async Task ReadAgainAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<CloudDb>();
        var roles = await db.Set<Role>().AsNoTracking().ToListAsync(ct);
        var rules = (await db.Set<RoleRule>().AsNoTracking().OrderBy(rule => rule.Position).ToListAsync(ct)).ToLookup(rule => rule.RoleId);
        _roles = roles.ToFrozenDictionary(role => role.Id, role => new Known(role.Name, Evaluate([.. rules[role.Id]])));
    }

    /// <summary>The first rule that fits decides; when none fits, the command is denied.</summary>
    private FrozenSet<string> Evaluate(List<RoleRule> rules) => catalog.Commands
        .Select(command => command.Name)
        .Where(name => rules.Find(rule => FileSystemName.MatchesSimpleExpression(rule.Pattern, name))?.Permission == RolePermission.Allow)
        .ToFrozenSet(StringComparer.Ordinal);

    private sealed record Known(string Name, FrozenSet<string> Allowed);
}
