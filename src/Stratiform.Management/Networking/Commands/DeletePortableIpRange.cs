using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes portable addresses that nobody holds out of the cloud.</summary>
[Command("Deletes a range of portable public addresses")]
internal sealed record DeletePortableIpRange : IAsyncCommand<Success>
{
    [Description("The range")]
    public required Id<PublicIpRange> Id { get; init; }
}

internal sealed class DeletePortableIpRangeHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock) : IHandle<DeletePortableIpRange, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeletePortableIpRange command, Caller caller, CancellationToken ct)
    {
        var range = await db.FindRangeAsync(caller, command.Id, isPortable: true, ct);
        var addresses = await db.Set<PublicIpAddress>().Where(a => a.RangeId == range.Id).OrderBy(a => a.Address).ToListAsync(ct);
        var held = addresses.FindAll(a => a.ScopeId is not null);
        if (held.Count > 0)
        {
            throw Refusal.InUse(
                $"{held.Count} of the {addresses.Count} addresses {range.StartIp} to {range.EndIp} are held, {held[0].Address} among them; "
                + "listPortableIpRanges shows by whom; release them first (disassociateIpAddress).");
        }
        db.RemoveRange(addresses);
        range.Remove(clock.GetUtcNow());
        return new(queue.RecordDone(caller.Asks, nameof(PublicIpRange), range.Id.Value).Id);
    }
}
