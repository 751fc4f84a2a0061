using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets everybody have a public address before its time.</summary>
[Command("Ends the quarantine of a public address", AllowedTo.RootAdmin | AllowedTo.DomainAdmin)]
internal sealed record RemoveQuarantinedIp : ICommand<Shown<IpQuarantineWire>>
{
    [Description("The quarantine")]
    public Id<IpQuarantine>? Id { get; init; }

    [Description("Its address, instead of id")]
    public string? IpAddress { get; init; }

    [Description("Why, for who looks later")]
    public required string RemovalReason { get; init; }
}

internal sealed class RemoveQuarantinedIpHandler(Quarantine quarantine, TimeProvider clock) : IHandle<RemoveQuarantinedIp, Shown<IpQuarantineWire>>
{
    public async Task<Shown<IpQuarantineWire>> HandleAsync(RemoveQuarantinedIp command, Caller caller, CancellationToken ct)
    {
        var found = await quarantine.FindAsync(caller, command.Id, command.IpAddress, ct);
        found.Remove(command.RemovalReason, caller.AccountId, clock.GetUtcNow());
        return new(found.Id.Value);
    }
}
