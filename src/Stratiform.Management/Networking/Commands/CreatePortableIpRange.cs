using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds public addresses that networks of any zone may have, and that move between them.</summary>
[Command("Creates a range of portable public addresses")]
internal sealed record CreatePortableIpRange : IAsyncCommand<PortableIpRangeWire>
{
    [Description("The region whose zones its addresses may be in: 1, this cloud")]
    public required int RegionId { get; init; }

    [Description("The next hop of these addresses, which routers of all zones reach")]
    public required string Gateway { get; init; }

    [Description("Mask of their network")]
    public required string Netmask { get; init; }

    [Description("First address")]
    public required string StartIp { get; init; }

    [Description("Last address")]
    public required string EndIp { get; init; }

    [Description("The VLAN of the public wires that carries them: its number, or untagged, as without it")]
    public string? Vlan { get; init; }
}

internal sealed class CreatePortableIpRangeHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, TimeProvider clock) : IHandle<CreatePortableIpRange, JobTicket>
{
    // Lists of ranges show each address.
    private const int MostAddresses = 1024;

    public async Task<JobTicket> HandleAsync(CreatePortableIpRange command, Caller caller, CancellationToken ct)
    {
        var region = await Region.FindAsync(db, command.RegionId, ct);
        if (region.Id != Region.Local)
            throw Refusal.Parameter($"The region {region.Name} is another cloud; ask that one ({region.Endpoint}), or send regionid=1 for this one.");
        var span = PublicIpSpan.Require(command.Gateway, command.Netmask, command.StartIp, command.EndIp, command.Vlan, MostAddresses);
        var range = new PublicIpRange(span.Start, span.End, clock.GetUtcNow()) { Gateway = span.Gateway, Netmask = span.Netmask, Vlan = span.Vlan };
        await db.AddApartAsync(range, commit, ct);
        return new(queue.RecordDone(caller.Asks, nameof(PublicIpRange), range.Id.Value).Id, range.Id.Value);
    }
}
