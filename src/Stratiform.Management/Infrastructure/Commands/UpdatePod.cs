using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;

namespace Stratiform.Management.Infrastructure.Commands;

/// <summary>Changes a pod; what runs in it goes on.</summary>
[Command("Updates a pod")]
internal sealed record UpdatePod : ICommand<Shown<PodWire>>
{
    [Description("The pod")]
    public required Id<Pod> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("Gateway of its management network")]
    public string? Gateway { get; init; }

    [Description("Mask of its management network")]
    public string? Netmask { get; init; }

    [Description("First address for system VMs")]
    public string? StartIp { get; init; }

    [Description("Last address for system VMs")]
    public string? EndIp { get; init; }

    [Description("Enabled lets guests be placed here, Disabled places no more")]
    public AllocationState? AllocationState { get; init; }
}

internal sealed class UpdatePodHandler(CloudDb db, HostRoom room) : IHandle<UpdatePod, Shown<PodWire>>
{
    public async Task<Shown<PodWire>> HandleAsync(UpdatePod command, Caller caller, CancellationToken ct)
    {
        var pod = await db.FindAsync(caller, command.Id, ct);
        if (command.Name is { } name && await db.Set<Pod>().AnyAsync(p => p.ZoneId == pod.ZoneId && p.Name == name && p.Id != pod.Id, ct))
            throw Refusal.Parameter($"The zone has a pod named {name} already.");
        pod.Name = command.Name ?? pod.Name;
        pod.Gateway = WireIp.Optional(command.Gateway, nameof(command.Gateway)) ?? pod.Gateway;
        if (command.Netmask is { } mask) pod.Netmask = Ipv4.MaskOf(WireIp.RequireMask(mask, nameof(command.Netmask)));
        pod.StartIp = WireIp.Optional(command.StartIp, nameof(command.StartIp)) ?? pod.StartIp;
        pod.EndIp = WireIp.Optional(command.EndIp, nameof(command.EndIp)) ?? pod.EndIp;
        if (pod is { StartIp: { } start, EndIp: { } end } && Ipv4.NumberOf(end) < Ipv4.NumberOf(start))
            throw Refusal.Parameter("endip lies before startip.");
        pod.AllocationState = command.AllocationState ?? pod.AllocationState;
        room.Forget();
        return new(pod.Id.Value);
    }
}
