using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Shows a user's keys.</summary>
[Command("Shows the pair of keys with which a user signs requests", AllowedTo.Everyone, ShowsSecrets = true)]
internal sealed record GetUserKeys : IQuery<UserKeysWire>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }
}

internal sealed class GetUserKeysHandler(Authority authority, ApiKeys keys) : IHandle<GetUserKeys, UserKeysWire>
{
    public async Task<UserKeysWire> HandleAsync(GetUserKeys command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindUserAsync(caller, command.Id, ct);
        return new() { ApiKey = user.ApiKey, SecretKey = user.WrappedSecretKey is { } wrapped ? keys.SecretOf(wrapped) : null };
    }
}
