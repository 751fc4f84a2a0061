using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>
/// What exists for a caller. A root administrator sees everything, an administrator of a domain what its subtree owns, a
/// user what its account owns; what a caller may not see does not exist for it, so refusals never tell the difference.
/// </summary>
internal static class Visibility
{
    /// <summary>The rows that exist for the caller.</summary>
    public static IQueryable<T> Visible<T>(this CloudDb db, Caller caller) where T : class, IOwned
    {
        if (caller.IsRootAdmin) return db.Set<T>();
        if (!caller.IsDomainAdmin) return db.Set<T>().Where(row => row.AccountId == caller.AccountId);
        var subtree = db.Subtree(caller.DomainPath);
        return db.Set<T>().Where(row => subtree.Contains(row.DomainId));
    }

    /// <summary>The accounts that exist for the caller; the cloud's own exists for nobody.</summary>
    public static IQueryable<Account> VisibleAccounts(this CloudDb db, Caller caller)
    {
        var accounts = db.Set<Account>().Where(account => account.Id != Bootstrap.SystemAccountId);
        if (caller.IsRootAdmin) return accounts;
        if (!caller.IsDomainAdmin) return accounts.Where(account => account.Id == caller.AccountId);
        var subtree = db.Subtree(caller.DomainPath);
        return accounts.Where(account => subtree.Contains(account.DomainId));
    }

    /// <summary>The domains that exist for the caller: a user's own, an administrator's and all below it.</summary>
    public static IQueryable<Domain> VisibleDomains(this CloudDb db, Caller caller)
    {
        if (caller.IsRootAdmin) return db.Set<Domain>();
        return caller.IsDomainAdmin
            ? db.Set<Domain>().Where(domain => domain.Path.StartsWith(caller.DomainPath))
            : db.Set<Domain>().Where(domain => domain.Id == caller.DomainId);
    }

    /// <summary>The domain of a parameter, for a command to change or to put something into.</summary>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<Domain> FindDomainAsync(this CloudDb db, Caller caller, Id<Domain> id, string parameter, CancellationToken ct) =>
        await db.VisibleDomains(caller).SingleOrDefaultAsync(domain => domain.Id == id, ct) ?? throw Unknown(caller, parameter, id);

    /// <summary>The domains whose materialised path begins so.</summary>
    public static IQueryable<Id<Domain>> Subtree(this CloudDb db, string path) =>
        db.Set<Domain>().Where(domain => domain.Path.StartsWith(path)).Select(domain => domain.Id);

    /// <summary>The entity of a parameter, for a command to change.</summary>
    /// <param name="db">The state.</param>
    /// <param name="caller">Through whose eyes.</param>
    /// <param name="id">The parameter's value.</param>
    /// <param name="ct">Cancels the look-up.</param>
    /// <param name="parameter">The parameter, if <paramref name="id"/> is not written as <c>command.Parameter</c>.</param>
    /// <exception cref="CloudException">It does not exist for the caller (431).</exception>
    public static async Task<T> FindVisibleAsync<T>(
        this CloudDb db, Caller caller, Id<T> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
        where T : class, IOwned =>
        await db.Visible<T>(caller).SingleOrDefaultAsync(row => EF.Property<Id<T>>(row, "Id") == id, ct) ?? throw Unknown(caller, parameter, id);

    /// <summary>As the other one, for what belongs to the cloud and exists for everybody (zones, offerings) or for administrators only.</summary>
    /// <exception cref="CloudException">It does not exist (431).</exception>
    public static async Task<T> FindAsync<T>(
        this CloudDb db, Caller caller, Id<T> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
        where T : class =>
        await db.Set<T>().SingleOrDefaultAsync(row => EF.Property<Id<T>>(row, "Id") == id, ct) ?? throw Unknown(caller, parameter, id);

    /// <summary>The refusal of an id that does not exist for the caller.</summary>
    /// <param name="caller">Who sent it, with which command.</param>
    /// <param name="parameter">The parameter's name, or the expression <c>command.Parameter</c>.</param>
    /// <param name="id">What was sent.</param>
    public static CloudException Unknown(Caller caller, string parameter, object id)
    {
        var name = parameter.TrimEnd('!').Replace("?.", ".", StringComparison.Ordinal).Replace(".Value", "", StringComparison.Ordinal);
        return Refusal.Unknown(caller.Command, name[(name.LastIndexOf('.') + 1)..].ToLowerInvariant(), id);
    }
}
