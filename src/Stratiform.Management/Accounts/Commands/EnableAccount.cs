using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Lets an account's users act again.</summary>
[Command("Enables an account that is disabled or locked", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record EnableAccount : ICommand<Shown<AccountWire>>
{
    [Description("The account; or give account and domainid")]
    public Id<Account>? Id { get; init; }

    [Description("The account's name, instead of id")]
    public string? Account { get; init; }

    [Description("With account: its domain; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class EnableAccountHandler(Authority authority) : IHandle<EnableAccount, Shown<AccountWire>>
{
    public async Task<Shown<AccountWire>> HandleAsync(EnableAccount command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindAccountAsync(caller, command.Id, command.Account, command.DomainId, ct);
        account.Enable();
        return new(account.Id.Value);
    }
}
