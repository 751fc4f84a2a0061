using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Changes a zone; enabling it is the usual use.</summary>
[Command("Updates a zone")]
internal sealed record UpdateZone : ICommand<Shown<ZoneWire>>
{
    [Description("The zone")]
    public required Id<Zone> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("Enabled lets tenants place things here")]
    public AllocationState? AllocationState { get; init; }

    [Description("First name server for guests")]
    public string? Dns1 { get; init; }

    [Description("Second name server for guests")]
    public string? Dns2 { get; init; }

    [Description("First name server for system VMs")]
    public string? InternalDns1 { get; init; }

    [Description("Second name server for system VMs")]
    public string? InternalDns2 { get; init; }

    [Description("Search domain of guest networks that name none")]
    public string? Domain { get; init; }

    [Description("Whether hosts' own disks are used")]
    public bool? LocalStorageEnabled { get; init; }
}

internal sealed class UpdateZoneHandler(CloudDb db) : IHandle<UpdateZone, Shown<ZoneWire>>
{
    public async Task<Shown<ZoneWire>> HandleAsync(UpdateZone command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.Id, ct);
        zone.Name = command.Name ?? zone.Name;
        zone.AllocationState = command.AllocationState ?? zone.AllocationState;
        zone.Dns1 = WireIp.Optional(command.Dns1, nameof(command.Dns1))?.ToString() ?? zone.Dns1;
        zone.Dns2 = WireIp.Optional(command.Dns2, nameof(command.Dns2))?.ToString() ?? zone.Dns2;
        zone.InternalDns1 = WireIp.Optional(command.InternalDns1, nameof(command.InternalDns1))?.ToString() ?? zone.InternalDns1;
        zone.InternalDns2 = WireIp.Optional(command.InternalDns2, nameof(command.InternalDns2))?.ToString() ?? zone.InternalDns2;
        zone.NetworkDomain = command.Domain ?? zone.NetworkDomain;
        zone.LocalStorageEnabled = command.LocalStorageEnabled ?? zone.LocalStorageEnabled;
        return new(zone.Id.Value);
    }
}
