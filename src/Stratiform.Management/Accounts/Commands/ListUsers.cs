using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The users that exist for the caller.</summary>
[Command("Lists users", AllowedTo.Everyone)]
internal sealed record ListUsers : OwnedListQuery<User, UserWire>
{
    [Description("Lists only the user of this name")]
    public string? UserName { get; init; }

    [Description("Lists only users in this state")]
    public AccountState? State { get; init; }

    [Description("Lists only users of accounts of this type: 0 user, 1 root, 2 domain, 3 resource administrator")]
    public int? AccountType { get; init; }
}

internal sealed class ListUsersHandler(CloudDb db, Lists<UserWire> lists) : IHandle<ListUsers, Page<UserWire>>
{
    public async Task<Page<UserWire>> HandleAsync(ListUsers command, Caller caller, CancellationToken ct)
    {
        var users = (await db.ListedAsync(command, caller, ct)).Where(user => user.AccountId != Bootstrap.SystemAccountId);
        if (command.UserName is { } name) users = users.Where(user => user.Name == name);
        if (command.State is { } state) users = users.Where(user => user.State == state);
        if (command.AccountType is { } type)
        {
            var role = Account.RoleOf(type);
            users = users.Where(user => db.Set<Account>().Any(account => account.Id == user.AccountId && account.Role == role));
        }
        if (command.Keyword is { } keyword)
        {
            var pattern = Keyword.Pattern(keyword);
            users = users.Where(user => EF.Functions.ILike(user.Name, pattern, Keyword.Escape)
                || EF.Functions.ILike(user.FirstName, pattern, Keyword.Escape)
                || EF.Functions.ILike(user.LastName, pattern, Keyword.Escape)
                || EF.Functions.ILike(user.Email, pattern, Keyword.Escape));
        }
        return await lists.PageAsync(users.OrderBy(user => user.Id).Select(user => user.Id), command, caller, ct);
    }
}
