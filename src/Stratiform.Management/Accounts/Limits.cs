using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>Counts what accounts have, and refuses what would exceed their limits. Accounts of root administrators have none.</summary>
public sealed class Limits(LiveSettings settings)
{
    /// <summary>Takes a thing's share of one kind; see <see cref="TakeAsync(DbContext, Id{Account}, IReadOnlyList{Share}, CancellationToken)"/>.</summary>
    public Task TakeAsync(DbContext commit, Id<Account> account, Guid thing, ResourceKind kind, long amount, CancellationToken ct) =>
        TakeAsync(commit, account, [new(thing, kind, amount)], ct);

    /// <summary>
    /// Takes the shares of what is created, each of another kind, if the limits allow all of them at this moment: one statement, in the
    /// commit that creates. The account cannot be deleted until that commit is through. Taking a thing's share twice takes it once.
    /// </summary>
    /// <param name="commit">The context of that commit.</param>
    /// <param name="account">Whose they are.</param>
    /// <param name="asked">What is taken.</param>
    /// <param name="ct">Cancels the statement.</param>
    /// <exception cref="Workflows.CloudException">A limit would be exceeded (535).</exception>
    public async Task TakeAsync(DbContext commit, Id<Account> account, IReadOnlyList<Share> asked, CancellationToken ct)
    {
        var (a, things, amounts) = (account.Value, asked.Select(s => s.Thing).ToArray(), asked.Select(s => s.Amount).ToArray());
        var (kinds, initials) = (asked.Select(s => s.Kind.ToString()).ToArray(), asked.Select(s => InitialOf(s.Kind)).ToArray());
        var taken = await commit.Database.ExecuteSqlAsync(
            $"""
            WITH bound AS (
                SELECT asked.*, CASE WHEN account.role = 'RootAdmin' THEN -1 ELSE COALESCE(resource_limit.max, asked.initial) END AS max
                FROM unnest({things}, {kinds}, {amounts}, {initials}) AS asked (thing, kind, amount, initial)
                JOIN account ON account.id = {a} AND account.removed_at IS NULL
                LEFT JOIN resource_limit ON resource_limit.account_id = account.id AND resource_limit.kind = asked.kind
                WHERE NOT EXISTS (SELECT 1 FROM resource_share s WHERE s.owner_id = asked.thing AND s.kind = asked.kind)
                FOR SHARE OF account),
            room AS (
                INSERT INTO resource_count AS c (account_id, kind, used)
                SELECT {a}, kind, amount FROM bound WHERE max < 0 OR amount <= max ORDER BY kind
                ON CONFLICT (account_id, kind) DO UPDATE SET used = c.used + excluded.used
                    WHERE (SELECT max < 0 OR c.used + excluded.used <= max FROM bound WHERE bound.kind = excluded.kind)
                RETURNING c.kind)
            INSERT INTO resource_share (owner_id, kind, account_id, amount)
            SELECT thing, kind, {a}, amount FROM bound JOIN room USING (kind)
            """,
            ct);
        if (taken == asked.Count) return;
        var there = await commit.Set<ResourceShare>().Where(s => things.Contains(s.OwnerId)).Select(s => new { s.OwnerId, s.Kind }).ToListAsync(ct);
        if (asked.FirstOrDefault(s => !there.Contains(new { OwnerId = s.Thing, s.Kind })) is { } refused)
            throw await RefusalAsync(commit, account, refused.Kind, refused.Amount, ct);
    }

    /// <summary>Counts a thing that turned out larger than was said as it is; it is there, so nothing is refused.</summary>
    public static Task SettleAsync(DbContext commit, Guid thing, ResourceKind kind, long amount, CancellationToken ct)
    {
        var k = kind.ToString();
        return commit.Database.ExecuteSqlAsync(
            $"""
            WITH more AS (
                UPDATE resource_share s SET amount = {amount} FROM resource_share old
                WHERE s.owner_id = {thing} AND s.kind = {k} AND old.owner_id = s.owner_id AND old.kind = s.kind AND old.amount < {amount}
                RETURNING s.account_id, s.kind, {amount} - old.amount AS amount)
            UPDATE resource_count c SET used = c.used + more.amount FROM more WHERE c.account_id = more.account_id AND c.kind = more.kind
            """,
            ct);
    }

    /// <summary>Gives a thing's shares back, all or those of some kinds; nothing happens when there are none.</summary>
    public static Task ReleaseAsync(DbContext commit, Guid thing, CancellationToken ct, params ReadOnlySpan<ResourceKind> kinds)
    {
        string[] names = kinds.IsEmpty ? Enum.GetNames<ResourceKind>() : [.. kinds.ToArray().Select(kind => kind.ToString())];
        return commit.Database.ExecuteSqlAsync(
            $"""
            WITH gone AS (DELETE FROM resource_share WHERE owner_id = {thing} AND kind = ANY ({names}) RETURNING account_id, kind, amount)
            UPDATE resource_count c SET used = c.used - gone.amount FROM gone WHERE c.account_id = gone.account_id AND c.kind = gone.kind
            """,
            ct);
    }

    /// <summary>The limit of accounts that have none of their own, in the kind's own unit.</summary>
    internal long InitialOf(ResourceKind kind)
    {
        var wire = ResourceKindWire.All[kind];
        var max = settings.Get(wire.Initial);
        return max < 0 ? -1 : max * wire.Unit;
    }

    /// <summary>An account's limit, in the kind's own unit; -1 for any number.</summary>
    internal long Of(Account account, ResourceKind kind, IReadOnlyDictionary<ResourceKind, long> own) =>
        account.Role == AllowedTo.RootAdmin ? -1 : own.TryGetValue(kind, out var max) ? max : InitialOf(kind);

    private async Task<Exception> RefusalAsync(DbContext commit, Id<Account> account, ResourceKind kind, long amount, CancellationToken ct)
    {
        var wire = ResourceKindWire.All[kind];
        var name = await commit.Set<Account>().Where(a => a.Id == account).Select(a => a.Name).SingleOrDefaultAsync(ct)
            ?? throw new DbUpdateConcurrencyException("The account was deleted at the same time.");
        var own = await commit.Set<ResourceLimit>().Where(l => l.AccountId == account && l.Kind == kind).Select(l => (long?)l.Max).SingleOrDefaultAsync(ct);
        var max = own ?? InitialOf(kind);
        var used = await commit.Set<ResourceCount>().Where(c => c.AccountId == account && c.Kind == kind).Select(c => c.Used).SingleOrDefaultAsync(ct);
        return Refusal.Limit(string.Create(CultureInfo.InvariantCulture,
            $"Maximum amount of resources of type '{wire.Name}' for account {name} is exceeded: {wire.Shown(max)} {wire.Words} are allowed, {wire.Shown(used)} are used, {wire.Shown(amount)} more were asked for. Free some, or have an administrator raise the limit (updateResourceLimit)."));
    }
}

/// <summary>What a thing takes of what its account may have.</summary>
/// <param name="Thing">What takes it.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="Amount">How much, in the kind's own unit.</param>
public sealed record Share(Guid Thing, ResourceKind Kind, long Amount);
