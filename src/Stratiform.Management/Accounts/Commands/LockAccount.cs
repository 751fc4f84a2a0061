using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Keeps an account's users from acting; what it owns goes on.</summary>
[Command("Locks an account: its users may not act, and what it owns goes on", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record LockAccount : ICommand<Shown<AccountWire>>
{
    [Description("The account's name")]
    public required string Account { get; init; }

    [Description("Its domain")]
    public required Id<Domain> DomainId { get; init; }
}

internal sealed class LockAccountHandler(Authority authority, Users users) : IHandle<LockAccount, Shown<AccountWire>>
{
    public async Task<Shown<AccountWire>> HandleAsync(LockAccount command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindOtherAccountAsync(caller, id: null, command.Account, command.DomainId, "lock", ct);
        account.Lock();
        users.EndSessions(account.Id);
        return new(account.Id.Value);
    }
}
