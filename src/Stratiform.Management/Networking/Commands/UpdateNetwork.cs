using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes what a network is called; its router learns a new search domain by itself.</summary>
[Command("Updates a network", AllowedTo.Everyone)]
internal sealed record UpdateNetwork : IAsyncCommand<NetworkWire>
{
    [Description("The network")]
    public required Id<Network> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("A new search domain of its guests")]
    public string? NetworkDomain { get; init; }
}

internal sealed class UpdateNetworkHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue) : IHandle<UpdateNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.Id, ct);
        network.Name = command.Name ?? network.Name;
        network.DisplayText = command.DisplayText ?? network.DisplayText;
        if (command.NetworkDomain is { } domain)
        {
            if (network.VpcId is not null) throw Refusal.Parameter($"Tiers have the search domain of their VPC, which was chosen with it; leave networkdomain out.");
            network.NetworkDomain = DomainName.Require(domain, nameof(command.NetworkDomain));
            commit.Add((into, token) => RoutersInStep.RaiseAsync(into, network.Id, token));
        }
        return new(queue.RecordDone(caller.Asks, nameof(Network), network.Id.Value).Id);
    }
}
