using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Events;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Deletes a user; what its account owns stays.</summary>
[Command("Deletes a user", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record DeleteUser : ICommand<Success>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class DeleteUserHandler(Authority authority, Users users, EventLog events, TimeProvider clock) : IHandle<DeleteUser, Success>
{
    public async Task<Success> HandleAsync(DeleteUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindOtherUserAsync(caller, command.Id, "delete", ct);
        user.Remove(clock.GetUtcNow());
        users.EndSessions(user.Id);
        events.Add(caller, AccountEvents.UserDeleted, $"User {user.Name} is deleted", nameof(User), user.Id.Value, user.Name);
        return new();
    }
}
