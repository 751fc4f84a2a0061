using System.ComponentModel;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Adds a zone; it is enabled once its networks and hosts are there.</summary>
[Command("Creates a zone")]
internal sealed record CreateZone : ICommand<Shown<ZoneWire>>
{
    [Description("The zone's name")]
    public required string Name { get; init; }

    [Description("First name server for guests")]
    public required string Dns1 { get; init; }

    [Description("Second name server for guests")]
    public string? Dns2 { get; init; }

    [Description("First name server for system VMs")]
    public required string InternalDns1 { get; init; }

    [Description("Second name server for system VMs")]
    public string? InternalDns2 { get; init; }

    [Description("Advanced is the one there is: isolated networks with routers")]
    public required string NetworkType { get; init; }

    [Description("Range of guest networks that name none, 10.1.1.0/24 unless said")]
    public string? GuestCidrAddress { get; init; }

    [Description("Search domain of guest networks that name none")]
    public string? Domain { get; init; }

    [Description("Enabled or Disabled; Disabled unless said")]
    public AllocationState? AllocationState { get; init; }

    [Description("Whether hosts' own disks are used")]
    public bool? LocalStorageEnabled { get; init; }
}

internal sealed class CreateZoneHandler(CloudDb db, TimeProvider clock) : IHandle<CreateZone, Shown<ZoneWire>>
{
    public async Task<Shown<ZoneWire>> HandleAsync(CreateZone command, Caller caller, CancellationToken ct)
    {
        if (!command.NetworkType.Equals("Advanced", StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"The network type {command.NetworkType} is not supported; use Advanced.");
        if (await db.Set<Zone>().AnyAsync(z => z.Name == command.Name, ct))
            throw Refusal.Parameter($"A zone named {command.Name} exists already; choose another name.");
        var cidr = command.GuestCidrAddress ?? "10.1.1.0/24";
        if (!IPNetwork.TryParse(cidr, out _)) throw Refusal.Parameter($"guestcidraddress {cidr} is not a network such as 10.1.1.0/24.");
        var zone = new Zone(command.Name, clock.GetUtcNow())
        {
            Dns1 = WireIp.Require(command.Dns1, nameof(command.Dns1)).ToString(),
            Dns2 = WireIp.Optional(command.Dns2, nameof(command.Dns2))?.ToString(),
            InternalDns1 = WireIp.Require(command.InternalDns1, nameof(command.InternalDns1)).ToString(),
            InternalDns2 = WireIp.Optional(command.InternalDns2, nameof(command.InternalDns2))?.ToString(),
            GuestCidr = cidr,
            NetworkDomain = command.Domain,
            LocalStorageEnabled = command.LocalStorageEnabled ?? false,
            AllocationState = command.AllocationState ?? AllocationState.Disabled,
        };
        db.Add(zone);
        return new(zone.Id.Value);
    }
}
