using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>A user on the wire.</summary>
[WireName("user")]
internal sealed record UserWire
{
    [Description("The user")]
    public required Id<User> Id { get; init; }

    [Description("The name used at login")]
    public required string UserName { get; init; }

    [Description("First name")]
    public required string FirstName { get; init; }

    [Description("Last name")]
    public required string LastName { get; init; }

    [Description("Mail address")]
    public required string Email { get; init; }

    [Description("When the user was made")]
    public required DateTimeOffset Created { get; init; }

    [Description("enabled, disabled or locked")]
    public required string State { get; init; }

    [Description("The account the user acts for")]
    public required Id<Account> AccountId { get; init; }

    [Description("That account's name")]
    public required string Account { get; init; }

    [Description("0 user, 1 root administrator, 2 domain administrator, 3 resource administrator")]
    public required int AccountType { get; init; }

    [Description("The account's kind of role")]
    public required string RoleType { get; init; }

    [Description("The account's role")]
    public required Id<Role> RoleId { get; init; }

    [Description("That role's name")]
    public string? RoleName { get; init; }

    [Description("The account's domain")]
    public required Id<Domain> DomainId { get; init; }

    [Description("That domain's name")]
    public required string Domain { get; init; }

    [Description("In which clients show times to the user, as Europe/Berlin")]
    public string? TimeZone { get; init; }

    [Description("How the password is checked; native means by the cloud itself")]
    public string UserSource { get; init; } = "native";

    [Description("Whether a second factor is asked for at login")]
    public bool Is2faEnabled { get; init; }

    [Description("Whether the domain demands a second factor")]
    public bool Is2faMandated { get; init; }

    [Description("Names the user in signed requests")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? ApiKey { get; init; }

    [Description("Whether the user belongs to the cloud itself and cannot be removed")]
    public required bool IsDefault { get; init; }

    [Description("Whether the user's domain lies below the caller's")]
    public required bool IsCallerChildDomain { get; init; }
}

internal sealed class UserWireReader(CloudDb db, LiveRoles roles) : IReadWire<UserWire>
{
    public async Task<IReadOnlyList<UserWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        Id<User>[] wanted = [.. ids.Select(id => new Id<User>(id))];
        var rows = await (
            from user in db.Set<User>().AsNoTracking()
            join account in db.Set<Account>() on user.AccountId equals account.Id
            join domain in db.Set<Domain>() on account.DomainId equals domain.Id
            where wanted.Contains(user.Id)
            select new { User = user, Account = account, Domain = domain }).ToDictionaryAsync(row => row.User.Id, ct);
        return [.. wanted.Where(rows.ContainsKey).Select(id => Shape(rows[id].User, rows[id].Account, rows[id].Domain, caller))];
    }

    private UserWire Shape(User user, Account account, Domain domain, Caller caller) => new()
    {
        Id = user.Id,
        UserName = user.Name,
        FirstName = user.FirstName,
        LastName = user.LastName,
        Email = user.Email,
        Created = user.CreatedAt,
        State = user.State.ToString().ToLowerInvariant(),
        AccountId = account.Id,
        Account = account.Name,
        AccountType = account.WireType,
        RoleType = account.RoleType,
        RoleId = account.RoleId,
        RoleName = roles.NameOf(account.RoleId),
        DomainId = domain.Id,
        Domain = domain.Name,
        TimeZone = user.TimeZone,
        ApiKey = user.ApiKey,
        IsDefault = user.Id == Bootstrap.AdminUserId,
        IsCallerChildDomain = domain.Path.Length > caller.DomainPath.Length
            && domain.Path.StartsWith(caller.DomainPath, StringComparison.Ordinal),
    };
}
