using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>
/// Keeps the tree whole where commands race: what is put into a domain or an account holds its row until the commit, and who deletes or
/// renames it has to wait for that, and then looks again.
/// </summary>
internal static class TenantRows
{
    /// <summary>Holds a domain that something is put into.</summary>
    /// <exception cref="DbUpdateConcurrencyException">It is not there any more, or lies elsewhere: to be looked up again.</exception>
    public static async Task HoldAsync(DbContext commit, Id<Domain> domain, string path, CancellationToken ct)
    {
        var there = await commit.Database
            .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM domain WHERE id = {domain.Value} AND path = {path} AND removed_at IS NULL FOR SHARE").ToListAsync(ct);
        if (there.Count == 0) throw new DbUpdateConcurrencyException("The domain was deleted or renamed at the same time.");
    }

    /// <summary>Holds an account that something is put into.</summary>
    /// <exception cref="DbUpdateConcurrencyException">It is not there any more: to be looked up again.</exception>
    public static async Task HoldAsync(DbContext commit, Id<Account> account, CancellationToken ct)
    {
        var there = await commit.Database
            .SqlQuery<Guid>($"SELECT id AS \"Value\" FROM account WHERE id = {account.Value} AND removed_at IS NULL FOR SHARE").ToListAsync(ct);
        if (there.Count == 0) throw new DbUpdateConcurrencyException("The account was deleted at the same time.");
    }

    /// <summary>Moves what lies below a domain to where the domain lies now.</summary>
    public static async Task MoveSubtreeAsync(DbContext commit, string from, string to, CancellationToken ct)
    {
        // The first round waits for whoever puts something into the subtree, so another one has to look for that.
        while (await commit.Database.ExecuteSqlAsync(
            $"UPDATE domain SET path = {to} || substr(path, length({from}) + 1) WHERE starts_with(path, {from}) AND removed_at IS NULL", ct) > 0)
        {
        }
    }
}
