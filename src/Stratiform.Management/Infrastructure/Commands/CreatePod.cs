using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Adds a pod to a zone.</summary>
[Command("Creates a pod")]
internal sealed record CreatePod : ICommand<Shown<PodWire>>
{
    [Description("The pod's name")]
    public required string Name { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("Gateway of its management network")]
    public string? Gateway { get; init; }

    [Description("Mask of its management network")]
    public string? Netmask { get; init; }

    [Description("First address for system VMs")]
    public string? StartIp { get; init; }

    [Description("Last address for system VMs; the first unless said")]
    public string? EndIp { get; init; }

    [Description("Enabled unless said")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class CreatePodHandler(CloudDb db, TimeProvider clock) : IHandle<CreatePod, Shown<PodWire>>
{
    public async Task<Shown<PodWire>> HandleAsync(CreatePod command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        if (await db.Set<Pod>().AnyAsync(p => p.ZoneId == zone.Id && p.Name == command.Name, ct))
            throw Refusal.Parameter($"The zone {zone.Name} has a pod named {command.Name} already.");
        var start = WireIp.Optional(command.StartIp, nameof(command.StartIp));
        var end = WireIp.Optional(command.EndIp, nameof(command.EndIp)) ?? start;
        if (start is not null && Ipv4.NumberOf(end!) < Ipv4.NumberOf(start)) throw Refusal.Parameter("endip lies before startip.");
        var pod = new Pod(command.Name, zone, clock.GetUtcNow())
        {
            Gateway = WireIp.Optional(command.Gateway, nameof(command.Gateway)),
            Netmask = command.Netmask is { } mask ? Ipv4.MaskOf(WireIp.RequireMask(mask, nameof(command.Netmask))) : null,
            StartIp = start,
            EndIp = end,
            AllocationState = command.AllocationState ?? AllocationState.Enabled,
        };
        db.Add(pod);
        return new(pod.Id.Value);
    }
}
