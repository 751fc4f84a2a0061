using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets a quarantine last longer or shorter.</summary>
[Command("Changes when the quarantine of a public address ends", AllowedTo.RootAdmin | AllowedTo.DomainAdmin)]
internal sealed record UpdateQuarantinedIp : ICommand<Shown<IpQuarantineWire>>
{
    [Description("The quarantine")]
    public Id<IpQuarantine>? Id { get; init; }

    [Description("Its address, instead of id")]
    public string? IpAddress { get; init; }

    [Description("When it ends")]
    public required DateTimeOffset EndDate { get; init; }
}

internal sealed class UpdateQuarantinedIpHandler(Quarantine quarantine, TimeProvider clock) : IHandle<UpdateQuarantinedIp, Shown<IpQuarantineWire>>
{
    public async Task<Shown<IpQuarantineWire>> HandleAsync(UpdateQuarantinedIp command, Caller caller, CancellationToken ct)
    {
        var found = await quarantine.FindAsync(caller, command.Id, command.IpAddress, ct);
        if (command.EndDate <= clock.GetUtcNow())
            throw Refusal.Parameter("enddate is over already; give one to come, or end the quarantine now (removeQuarantinedIp).");
        found.EndAt(command.EndDate);
        return new(found.Id.Value);
    }
}
