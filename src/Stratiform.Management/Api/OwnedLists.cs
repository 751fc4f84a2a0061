using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>
/// Which owned rows a list means. An id means the row wherever it is in reach; an account or a domain means what they own;
/// listall means everything in reach; and without any of them even an administrator means only the own account's.
/// </summary>
internal static class OwnedLists
{
    /// <summary>The rows that the list's parameters mean; the command adds its own filters and an indexed order.</summary>
    public static async Task<IQueryable<T>> ListedAsync<T, TWire>(
        this CloudDb db, OwnedListQuery<T, TWire> list, Caller caller, CancellationToken ct)
        where T : class, IOwned
        where TWire : class
    {
        var rows = db.Visible<T>(caller).AsNoTracking();
        if (list.Id is { } id) rows = rows.Where(row => EF.Property<Id<T>>(row, "Id") == id);
        if (list.Ids is { } ids) rows = rows.Where(row => ids.Contains(EF.Property<Id<T>>(row, "Id")));
        if (list.ProjectId is { } project && project != Guid.AllBitsSet) throw Visibility.Unknown(caller, nameof(list.ProjectId), project);
        foreach (var (key, value) in list.Tags.AsKeysAndValues()) rows = db.Tagged(rows, key, value);

        if (list.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, list.DomainId, ct);
            return rows.Where(row => row.AccountId == account);
        }
        if (list.DomainId is { } domain) return await WithinAsync(db, rows, domain, list.IsRecursive == true, caller, ct);
        var inReach = list.ListAll == true || list.Id is not null || list.Ids is not null;
        return inReach ? rows : rows.Where(row => row.AccountId == caller.AccountId);
    }

    /// <summary>The account of that name in a domain, or in the caller's.</summary>
    public static async Task<Id<Account>> FindAccountAsync(this CloudDb db, Caller caller, string name, Id<Domain>? domain, CancellationToken ct)
    {
        var home = domain ?? caller.DomainId;
        var found = await db.VisibleAccounts(caller).Where(a => a.Name == name && a.DomainId == home).Select(a => (Id<Account>?)a.Id)
            .SingleOrDefaultAsync(ct);
        return found ?? throw Refusal.Parameter($"Unable to find account {name} in domain {home}");
    }

    /// <summary>Refuses a domain that does not exist for the caller; its path.</summary>
    public static async Task<string> FindDomainPathAsync(this CloudDb db, Caller caller, Id<Domain> domainId, CancellationToken ct) =>
        await db.VisibleDomains(caller).Where(domain => domain.Id == domainId).Select(domain => domain.Path).SingleOrDefaultAsync(ct)
            ?? throw Visibility.Unknown(caller, nameof(domainId), domainId);

    private static async Task<IQueryable<T>> WithinAsync<T>(
        CloudDb db, IQueryable<T> rows, Id<Domain> domain, bool recursive, Caller caller, CancellationToken ct)
        where T : class, IOwned
    {
        var path = await db.FindDomainPathAsync(caller, domain, ct);
        if (!recursive) return rows.Where(row => row.DomainId == domain);
        var subtree = db.Subtree(path);
        return rows.Where(row => subtree.Contains(row.DomainId));
    }

    /// <summary>Those with the tag.</summary>
    public static IQueryable<T> Tagged<T>(this CloudDb db, IQueryable<T> rows, string key, string value) where T : class, IOwned
    {
        var tagged = db.Set<Tag>().Where(tag => tag.Kind == typeof(T).Name && tag.Key == key && tag.Value == value).Select(tag => tag.ResourceId);
        return rows.Where(row => tagged.Contains((Guid)(object)EF.Property<Id<T>>(row, "Id")));
    }
}
