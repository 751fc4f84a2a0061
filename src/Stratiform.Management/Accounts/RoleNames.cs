using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts;

/// <summary>The checks of what commands say of roles.</summary>
internal static class RoleNames
{
    /// <summary>Refuses a name that another role has.</summary>
    /// <exception cref="Workflows.CloudException">It is taken.</exception>
    public static async Task RequireFreeAsync(CloudDb db, string name, CancellationToken ct)
    {
        if (await db.Set<Role>().AnyAsync(role => role.Name == name, ct))
            throw Refusal.Parameter($"A role named {name} exists already; choose another name.");
    }

    /// <summary>The type of role of that name.</summary>
    /// <exception cref="Workflows.CloudException">There is none.</exception>
    public static AllowedTo RequireType(string type) => Account.RoleOf(type) is var known and not AllowedTo.None
        ? known
        : throw Refusal.Parameter($"type {type} is none of Admin, ResourceAdmin, DomainAdmin, User.");
}
