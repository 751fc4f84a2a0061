using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Leaves a network to its owner alone, once nobody else has a virtual machine in it.</summary>
[Command("Leaves a network to its owner alone", AllowedTo.Everyone)]
internal sealed record ResetNetworkPermissions : ICommand<Success>
{
    [Description("The network")]
    public required Id<Network> NetworkId { get; init; }
}

internal sealed class ResetNetworkPermissionsHandler(NetworkPermissions permissions, CommandCommit commit) : IHandle<ResetNetworkPermissions, Success>
{
    public async Task<Success> HandleAsync(ResetNetworkPermissions command, Caller caller, CancellationToken ct)
    {
        var network = await permissions.FindAsync(caller, command.NetworkId, ct);
        commit.Add((into, token) => permissions.TakeBackAsync(into, network, accounts: null, token));
        permissions.Record(network, "its owner's alone", caller);
        return new();
    }
}
