using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Keeps a user from acting.</summary>
[Command("Disables a user, who may not act until enabled", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record DisableUser : IAsyncCommand<UserWire>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class DisableUserHandler(Authority authority, Users users, WorkflowQueue queue) : IHandle<DisableUser, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DisableUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindOtherUserAsync(caller, command.Id, "disable", ct);
        user.Disable();
        users.EndSessions(user.Id);
        return new(queue.RecordDone(caller.Asks, nameof(User), user.Id.Value).Id);
    }
}
