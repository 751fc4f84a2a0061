using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets other accounts of the owner's domain put virtual machines into a network.</summary>
[Command("Lets accounts use a network of another's", AllowedTo.Everyone)]
internal sealed record CreateNetworkPermissions : ICommand<Success>
{
    [Description("The network, of type Isolated or L2")]
    public required Id<Network> NetworkId { get; init; }

    [Description("Names of accounts of the owner's domain, separated by commas")]
    public IReadOnlyList<string>? Accounts { get; init; }

    [Description("Ids of accounts of the owner's domain, separated by commas")]
    public IReadOnlyList<Id<Account>>? AccountIds { get; init; }
}

internal sealed class CreateNetworkPermissionsHandler(NetworkPermissions permissions) : IHandle<CreateNetworkPermissions, Success>
{
    public async Task<Success> HandleAsync(CreateNetworkPermissions command, Caller caller, CancellationToken ct)
    {
        var network = await permissions.FindAsync(caller, command.NetworkId, ct);
        var accounts = await permissions.NamedAsync(network, command.Accounts, command.AccountIds, ct);
        await permissions.GiveAsync(network, accounts, caller, ct);
        return new();
    }
}
