using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes a network offering; enabling it is the usual use.</summary>
[Command("Updates a network offering")]
internal sealed record UpdateNetworkOffering : ICommand<Shown<NetworkOfferingWire>>
{
    [Description("The offering")]
    public Id<NetworkOffering>? Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("Enabled lets networks be created from it")]
    public AllocationState? State { get; init; }

    [Description("Required gives a network of it to guests whose owner has none; of one offering at a time, Isolated with SourceNat")]
    public NetworkAvailability? Availability { get; init; }

    [Description("Its place in lists: lower ones come first")]
    public int? SortKey { get; init; }

    [Description("What the load balancers of a network of it hold at once, all together; routers learn it")]
    public int? MaxConnections { get; init; }

    [Description("False ends connections of load balancers that speak HTTP after each answer; routers learn it")]
    public bool? KeepAliveEnabled { get; init; }
}

internal sealed class UpdateNetworkOfferingHandler(CloudDb db, CommandCommit commit) : IHandle<UpdateNetworkOffering, Shown<NetworkOfferingWire>>
{
    public async Task<Shown<NetworkOfferingWire>> HandleAsync(UpdateNetworkOffering command, Caller caller, CancellationToken ct)
    {
        if (command.Id is not { } id) throw Refusal.Missing(caller.Command, "id");
        var offering = await db.FindAsync(caller, id, ct, nameof(command.Id));
        offering.Name = command.Name ?? offering.Name;
        offering.DisplayText = command.DisplayText ?? offering.DisplayText;
        offering.State = command.State ?? offering.State;
        offering.SortKey = command.SortKey ?? offering.SortKey;
        offering.Availability = command.Availability ?? offering.Availability;
        NetworkAvailabilities.RequireFits(offering);
        if (command.Availability == NetworkAvailability.Required) commit.Add((into, token) => NetworkAvailabilities.RequireOnlyAsync(into, offering.Id, token));
        Balance(command, offering);
        return new(offering.Id.Value);
    }

    private void Balance(UpdateNetworkOffering command, NetworkOffering offering)
    {
        var before = (offering.MostConnections, offering.KeepsAlive);
        offering.MostConnections = BalancerLimits.Read(command.MaxConnections, offering.Has(NetworkServices.Lb)) ?? offering.MostConnections;
        offering.KeepsAlive = command.KeepAliveEnabled ?? offering.KeepsAlive;
        if (before != (offering.MostConnections, offering.KeepsAlive)) commit.Add((into, token) => RoutersInStep.RaiseAllAsync(into, offering.Id, token));
    }
}
