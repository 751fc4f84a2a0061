using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Events;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Lets a user act for another account of its domain.</summary>
[Command("Moves a user to another account of the same domain")]
internal sealed record MoveUser : ICommand<Success>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }

    [Description("The account's name in the user's domain; or give accountid")]
    public string? Account { get; init; }

    [Description("The account; or give account")]
    public Id<Account>? AccountId { get; init; }
}

internal sealed class MoveUserHandler(Authority authority, Users users, CommandCommit commit, EventLog events) : IHandle<MoveUser, Success>
{
    public async Task<Success> HandleAsync(MoveUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindOtherUserAsync(caller, command.Id, "move", ct);
        if (command.Account is null == command.AccountId is null) throw Refusal.Parameter("Give account or accountid: where the user moves to.");
        var account = await authority.FindAccountAsync(caller, command.AccountId, command.Account, user.DomainId, ct, nameof(command.AccountId));
        if (account.DomainId != user.DomainId) throw Refusal.Parameter($"The account {account.Name} is of another domain; users move within theirs.");
        user.MoveTo(account);
        users.EndSessions(user.Id);
        commit.Add((into, token) => TenantRows.HoldAsync(into, account.Id, token));
        events.Add(caller, AccountEvents.UserMoved, $"User {user.Name} moves to the account {account.Name}", nameof(User), user.Id.Value, user.Name);
        return new();
    }
}
