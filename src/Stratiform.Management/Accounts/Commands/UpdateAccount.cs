using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Renames an account, or gives it another role.</summary>
[Command("Updates an account", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record UpdateAccount : ICommand<Shown<AccountWire>>
{
    [Description("The account; or give account and domainid")]
    public Id<Account>? Id { get; init; }

    [Description("The account's name, instead of id")]
    public string? Account { get; init; }

    [Description("With account: its domain; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }

    [Description("A new name within its domain")]
    public string? NewName { get; init; }

    [Description("What its users may call from now on")]
    public Id<Role>? RoleId { get; init; }
}

internal sealed class UpdateAccountHandler(CloudDb db, Authority authority) : IHandle<UpdateAccount, Shown<AccountWire>>
{
    public async Task<Shown<AccountWire>> HandleAsync(UpdateAccount command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindAccountAsync(caller, command.Id, command.Account, command.DomainId, ct);
        if (command.NewName is { } name && name != account.Name)
        {
            await TenantNames.RequireFreeAccountAsync(db, name, nameof(command.NewName).ToLowerInvariant(), account.DomainId, ct);
            account.Name = name;
        }
        if (command.RoleId is { } roleId && roleId != account.RoleId)
        {
            if (account.Id == caller.AccountId || account.Id == Bootstrap.AdminAccountId)
                throw Refusal.Parameter($"The account {account.Name} keeps its role: nobody changes the own one, or the first administrator's.");
            account.TakeRole(await authority.FindRoleToGiveAsync(caller, roleId, accountType: null, ct));
        }
        return new(account.Id.Value);
    }
}
