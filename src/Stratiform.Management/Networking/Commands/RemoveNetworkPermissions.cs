using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes back from accounts that they may use a network, once they have no virtual machine in it.</summary>
[Command("Takes back from accounts that they may use a network", AllowedTo.Everyone)]
internal sealed record RemoveNetworkPermissions : ICommand<Success>
{
    [Description("The network")]
    public required Id<Network> NetworkId { get; init; }

    [Description("Names of accounts of the owner's domain, separated by commas")]
    public IReadOnlyList<string>? Accounts { get; init; }

    [Description("Ids of accounts of the owner's domain, separated by commas")]
    public IReadOnlyList<Id<Account>>? AccountIds { get; init; }
}

internal sealed class RemoveNetworkPermissionsHandler(NetworkPermissions permissions, CommandCommit commit) : IHandle<RemoveNetworkPermissions, Success>
{
    public async Task<Success> HandleAsync(RemoveNetworkPermissions command, Caller caller, CancellationToken ct)
    {
        var network = await permissions.FindAsync(caller, command.NetworkId, ct);
        var accounts = await permissions.NamedAsync(network, command.Accounts, command.AccountIds, ct);
        var ids = accounts.Select(a => a.Id).ToList();
        commit.Add((into, token) => permissions.TakeBackAsync(into, network, ids, token));
        if (accounts.Count > 0) permissions.Record(network, $"no longer used by {NetworkPermissions.Names(accounts)}", caller);
        return new();
    }
}
