using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>An account on the wire.</summary>
[WireName("account")]
internal sealed record AccountWire
{
    [Description("The account")]
    public required Id<Account> Id { get; init; }

    [Description("Its name within its domain")]
    public required string Name { get; init; }

    [Description("0 user, 1 root administrator, 2 domain administrator, 3 resource administrator")]
    public required int AccountType { get; init; }

    [Description("Its kind of role")]
    public required string RoleType { get; init; }

    [Description("Its role")]
    public required Id<Role> RoleId { get; init; }

    [Description("That role's name")]
    public string? RoleName { get; init; }

    [Description("Its domain")]
    public required Id<Domain> DomainId { get; init; }

    [Description("That domain's name")]
    public required string Domain { get; init; }

    [Description("That domain's path")]
    public required string DomainPath { get; init; }

    [Description("enabled, disabled or locked")]
    public required string State { get; init; }

    [Description("When it was made")]
    public required DateTimeOffset Created { get; init; }

    [Description("Whether it belongs to the cloud itself and cannot be removed")]
    public required bool IsDefault { get; init; }

    [Description("Its users")]
    public required IReadOnlyList<UserWire> User { get; init; }
}

internal sealed class AccountWireReader(CloudDb db, LiveRoles roles, IReadWire<UserWire> users) : IReadWire<AccountWire>
{
    public async Task<IReadOnlyList<AccountWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        Id<Account>[] wanted = [.. ids.Select(id => new Id<Account>(id))];
        var rows = await (
            from account in db.Set<Account>().AsNoTracking()
            join domain in db.Set<Domain>() on account.DomainId equals domain.Id
            where wanted.Contains(account.Id)
            select new { Account = account, Domain = domain }).ToDictionaryAsync(row => row.Account.Id, ct);
        var userIds = await db.Set<User>().Where(user => wanted.Contains(user.AccountId)).OrderBy(user => user.Id).Select(user => user.Id).ToListAsync(ct);
        var members = (await users.ReadAsync([.. userIds.Select(id => id.Value)], caller, ct)).ToLookup(user => user.AccountId);
        return [.. wanted.Where(rows.ContainsKey).Select(id => Shape(rows[id].Account, rows[id].Domain, [.. members[id]]))];
    }

    private AccountWire Shape(Account account, Domain domain, IReadOnlyList<UserWire> users) => new()
    {
        Id = account.Id,
        Name = account.Name,
        AccountType = account.WireType,
        RoleType = account.RoleType,
        RoleId = account.RoleId,
        RoleName = roles.NameOf(account.RoleId),
        DomainId = domain.Id,
        Domain = domain.Name,
        DomainPath = DomainWire.ShownPath(domain.Path),
        State = account.State.ToString().ToLowerInvariant(),
        Created = account.CreatedAt,
        IsDefault = account.Id == Bootstrap.AdminAccountId,
        User = users,
    };
}
