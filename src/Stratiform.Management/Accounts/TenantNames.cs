using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>The checks of what domains, accounts and users are called.</summary>
internal static class TenantNames
{
    /// <summary>Of a domain's path in UTF-8: more does not fit into the index of paths.</summary>
    private const int LongestPathBytes = 2000;

    /// <summary>Refuses what nobody could type again.</summary>
    /// <exception cref="Workflows.CloudException">It is blank, has spaces at its ends or control characters in it (431).</exception>
    public static string Require(string name, string parameter) =>
        name.Length > 0 && name.Trim().Length == name.Length && !name.Any(char.IsControl)
            ? name
            : throw Refusal.Parameter($"{parameter} must not be blank, begin or end with a space, or contain control characters.");

    /// <summary>The path of a domain of that name in another.</summary>
    /// <exception cref="Workflows.CloudException">The name is none, or a domain there has it (431).</exception>
    public static async Task RequireFreeDomainAsync(CloudDb db, string name, string path, CancellationToken ct)
    {
        Require(name, nameof(name));
        if (name.Contains('/', StringComparison.Ordinal)) throw Refusal.Parameter("name must not contain a slash, which separates domains.");
        RequirePath(Encoding.UTF8.GetByteCount(path));
        if (await db.Set<Domain>().AnyAsync(d => d.Path == path, ct))
            throw Refusal.Parameter($"There is a domain {DomainWire.ShownPath(path)} already; choose another name.");
    }

    /// <summary>Refuses a path that is too long to be found.</summary>
    public static void RequirePath(int bytes)
    {
        if (bytes > LongestPathBytes) throw Refusal.Parameter($"The names down to this domain are longer than {LongestPathBytes} bytes together; choose a shorter one.");
    }

    /// <summary>Refuses a name that another account of the domain has.</summary>
    /// <exception cref="Workflows.CloudException">It is none, or taken (431).</exception>
    public static async Task RequireFreeAccountAsync(CloudDb db, string name, string parameter, Id<Domain> domain, CancellationToken ct)
    {
        Require(name, parameter);
        if (await db.Set<Account>().AnyAsync(a => a.DomainId == domain && a.Name == name, ct))
            throw Refusal.Parameter($"There is an account {name} in the domain already; choose another name.");
    }

    /// <summary>Refuses a name that another user of the domain has.</summary>
    /// <exception cref="Workflows.CloudException">It is none, or taken (431).</exception>
    public static async Task RequireFreeUserAsync(CloudDb db, string userName, Id<Domain> domain, CancellationToken ct)
    {
        Require(userName, "username");
        if (await db.Set<User>().AnyAsync(u => u.DomainId == domain && u.Name == userName, ct))
            throw Refusal.Parameter($"There is a user {userName} in the domain already; choose another name.");
    }
}
