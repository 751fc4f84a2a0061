using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Keeps a user from acting.</summary>
[Command("Locks a user, who may not act until enabled", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record LockUser : ICommand<Shown<UserWire>>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class LockUserHandler(Authority authority, Users users) : IHandle<LockUser, Shown<UserWire>>
{
    public async Task<Shown<UserWire>> HandleAsync(LockUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindOtherUserAsync(caller, command.Id, "lock", ct);
        user.Lock();
        users.EndSessions(user.Id);
        return new(user.Id.Value);
    }
}
