using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Adds addresses of a pod's storage network for system VMs; they take them when they boot next.</summary>
[Command("Creates a range of a storage network")]
internal sealed record CreateStorageNetworkIpRange : IAsyncCommand<StorageIpRangeWire>
{
    [Description("The pod")]
    public required Id<Pod> PodId { get; init; }

    [Description("The next hop of these addresses")]
    public required string Gateway { get; init; }

    [Description("Mask of their network")]
    public required string Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address; the first unless said")]
    public string? EndIp { get; init; }
}

internal sealed class CreateStorageNetworkIpRangeHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateStorageNetworkIpRange, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateStorageNetworkIpRange command, Caller caller, CancellationToken ct)
    {
        var pod = await db.FindAsync(caller, command.PodId, ct, nameof(command.PodId));
        var (gateway, prefix) = (WireIp.Require(command.Gateway, nameof(command.Gateway)), WireIp.RequireMask(command.Netmask, nameof(command.Netmask)));
        var start = WireIp.Require(command.StartIp, nameof(command.StartIp));
        var end = WireIp.Optional(command.EndIp, nameof(command.EndIp)) ?? start;
        var network = Ipv4.NetworkOf(gateway, prefix);
        if (Ipv4.NumberOf(end) < Ipv4.NumberOf(start)) throw Refusal.Parameter("endip lies before startip.");
        if (!network.Contains(start) || !network.Contains(end)) throw Refusal.Parameter($"The range does not lie in {network}, the network of its gateway.");
        if (!(await HostNetworks.OfAsync(db, pod.ZoneId, ct)).Contains(HostNetworks.Storage))
            throw Refusal.Parameter("No physical network of the zone carries storage traffic; add the traffic type Storage (addTrafficType).");
        var others = await db.Set<StorageIpRange>().Where(r => r.ZoneId == pod.ZoneId).ToListAsync(ct);
        var other = others.Find(r => Ipv4.NumberOf(r.StartIp) <= Ipv4.NumberOf(end) && Ipv4.NumberOf(start) <= Ipv4.NumberOf(r.EndIp));
        if (other is not null) throw Refusal.Parameter($"It shares addresses with the range {other.StartIp} to {other.EndIp}.");
        var range = new StorageIpRange(pod, start, end, clock.GetUtcNow()) { Gateway = gateway, Netmask = Ipv4.MaskOf(prefix) };
        db.Add(range);
        return new(queue.RecordDone(caller.Asks, nameof(StorageIpRange), range.Id.Value).Id);
    }
}
