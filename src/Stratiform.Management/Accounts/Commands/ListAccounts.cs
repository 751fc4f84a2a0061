using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The accounts that exist for the caller.</summary>
[Command("Lists accounts with their users", AllowedTo.Everyone)]
internal sealed record ListAccounts : ListQuery<AccountWire>
{
    [Description("Lists only this account")]
    public Id<Account>? Id { get; init; }

    [Description("Lists only the account of this name")]
    public string? Name { get; init; }

    [Description("Lists only accounts in this state")]
    public AccountState? State { get; init; }

    [Description("Lists only accounts of this type: 0 user, 1 root, 2 domain, 3 resource administrator")]
    public int? AccountType { get; init; }

    [Description("Lists the accounts of this domain")]
    public Id<Domain>? DomainId { get; init; }

    [Description("With domainid: lists the domains below it too")]
    public bool? IsRecursive { get; init; }

    [Description("An administrator lists every account in reach instead of the own one")]
    public bool? ListAll { get; init; }
}

internal sealed class ListAccountsHandler(CloudDb db, Lists<AccountWire> lists) : IHandle<ListAccounts, Page<AccountWire>>
{
    public async Task<Page<AccountWire>> HandleAsync(ListAccounts command, Caller caller, CancellationToken ct)
    {
        var accounts = await InDomainAsync(db.VisibleAccounts(caller).AsNoTracking(), command, caller, ct);
        if (command.Id is { } id) accounts = accounts.Where(account => account.Id == id);
        if (command.Name is { } name) accounts = accounts.Where(account => account.Name == name);
        if (command.State is { } state) accounts = accounts.Where(account => account.State == state);
        if (command.AccountType is { } type)
        {
            var role = Account.RoleOf(type);
            accounts = accounts.Where(account => account.Role == role);
        }
        if (command.Keyword is { } keyword)
            accounts = accounts.Where(account => EF.Functions.ILike(account.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(accounts.OrderBy(account => account.Id).Select(account => account.Id), command, caller, ct);
    }

    private async Task<IQueryable<Account>> InDomainAsync(IQueryable<Account> accounts, ListAccounts command, Caller caller, CancellationToken ct)
    {
        if (command.DomainId is not { } domain)
            return command.ListAll == true || command.Id is not null ? accounts : accounts.Where(account => account.Id == caller.AccountId);
        var path = await db.FindDomainPathAsync(caller, domain, ct);
        if (command.IsRecursive != true) return accounts.Where(account => account.DomainId == domain);
        var subtree = db.Subtree(path);
        return accounts.Where(account => subtree.Contains(account.DomainId));
    }
}
