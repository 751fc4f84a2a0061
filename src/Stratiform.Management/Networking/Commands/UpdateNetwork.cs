using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes what a network is called, and what it is, in place: its job ends when its router does as it says.</summary>
[Command("Updates a network", AllowedTo.Everyone)]
internal sealed record UpdateNetwork : IAsyncCommand<NetworkWire>
{
    [Description("The network")]
    public required Id<Network> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("The part of its range that guests get addresses of from now on, such as 10.1.1.128/25, the rest being for machines that the cloud does not know; all of the range lifts it")]
    public string? GuestVmCidr { get; init; }

    [Description("False keeps it out of tenants' lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? DisplayNetwork { get; init; }

    [Description("Another offering of the same kind, which has all that the network uses; rates of cards hold from their guests' next start")]
    public Id<NetworkOffering>? NetworkOfferingId { get; init; }

    [Description("A new search domain of its guests")]
    public string? NetworkDomain { get; init; }

    [Description("The first name server that its router asks; empty for the zone's again")]
    public string? Dns1 { get; init; }

    [Description("The second one; none unless said with dns1")]
    public string? Dns2 { get; init; }

    [Description("The public address that its guests go out by from now on, which was acquired for it before")]
    public string? SourceNatIpAddress { get; init; }

    [Description("Largest packet of its guests, bytes: its router obeys it at once, guests when they ask for their address again. For a larger one a router that serves is built anew, and guests need a start")]
    public int? PrivateMtu { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes")]
    public int? PublicMtu { get; init; }
}

internal sealed class UpdateNetworkHandler(CloudDb db, LiveSettings settings, CommandCommit commit, WorkflowQueue queue) : IHandle<UpdateNetwork, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateNetwork command, Caller caller, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, command.Id, ct);
        var change = new NetworkChange
        {
            OfferingId = await OfferingAsync(network, command, caller, ct),
            NetworkDomain = command.NetworkDomain is { } domain ? DomainName.Require(domain, nameof(command.NetworkDomain)) : null,
            NameServers = NameServers.Read(command.Dns1, command.Dns2),
            SourceNat = command.SourceNatIpAddress is null ? null : await ChoiceAsync(network, command.SourceNatIpAddress, ct),
            Mtu = Mtus.Private(settings, caller, command.PrivateMtu),
            PublicMtu = Mtus.Public(settings, caller, command.PublicMtu),
        };
        if (change.PublicMtu is not null) Mtus.RequireOwnWayOut(network);
        if (change.NetworkDomain is not null && network.VpcId is not null)
            throw Refusal.Parameter("Tiers have the search domain of their VPC, which was chosen with it; leave networkdomain out.");
        if (change.NameServers is not null) NameServers.RequireOwn(network);
        if (command.GuestVmCidr is { } part)
        {
            network.GuestCidr = GuestRanges.Read(network, part);
            commit.Add((into, token) => GuestRanges.RequireAllWithinAsync(into, network, token));
        }
        network.IsHidden = !command.DisplayNetwork ?? network.IsHidden;
        network.Name = command.Name ?? network.Name;
        network.DisplayText = command.DisplayText ?? network.DisplayText;
        return new(change == NetworkChange.None
            ? queue.RecordDone(caller.Asks, nameof(Network), network.Id.Value).Id
            : queue.Enqueue(ChangeNetwork.For(network, change), caller.Asks).Id);
    }

    private async Task<SourceNatChoice?> ChoiceAsync(Network network, string address, CancellationToken ct)
    {
        if (network.VpcId is not null) throw Refusal.Parameter("Tiers go out by their VPC's address; give sourcenatipaddress to updateVPC.");
        await db.RequireServiceAsync(network, NetworkServices.SourceNat, ct);
        return await db.ChooseSourceNatAsync(GoesOut.Of(network), address, ct);
    }

    private async Task<Id<NetworkOffering>?> OfferingAsync(Network network, UpdateNetwork command, Caller caller, CancellationToken ct)
    {
        if (command.NetworkOfferingId is not { } id || id == network.OfferingId) return null;
        var next = await db.FindAsync(caller, id, ct);
        await OfferingChanges.RequireFitsAsync(db, network, next, ct);
        return next.Id;
    }
}
