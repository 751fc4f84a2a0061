using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Events;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Draws a new pair of keys for a user.</summary>
[Command("Draws a new pair of keys with which the user signs requests; the old pair is void at once", AllowedTo.Everyone)]
internal sealed record RegisterUserKeys : ICommand<UserKeysWire>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class RegisterUserKeysHandler(Authority authority, ApiKeys keys, EventLog events) : IHandle<RegisterUserKeys, UserKeysWire>
{
    public async Task<UserKeysWire> HandleAsync(RegisterUserKeys command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindUserAsync(caller, command.Id, ct);
        var pair = keys.Register(user);
        events.Add(caller, AccountEvents.KeysRegistered, $"User {user.Name} has new keys", nameof(User), user.Id.Value, user.Name);
        return new() { ApiKey = pair.ApiKey, SecretKey = pair.SecretKey };
    }
}
