using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Lets a user act again.</summary>
[Command("Enables a user that is disabled or locked", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record EnableUser : ICommand<Shown<UserWire>>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class EnableUserHandler(Authority authority) : IHandle<EnableUser, Shown<UserWire>>
{
    public async Task<Shown<UserWire>> HandleAsync(EnableUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindUserAsync(caller, command.Id, ct);
        user.Enable();
        return new(user.Id.Value);
    }
}
