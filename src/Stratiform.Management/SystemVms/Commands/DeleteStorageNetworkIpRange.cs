using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Takes away a range of a storage network of which no system VM has an address.</summary>
[Command("Deletes a range of a storage network")]
internal sealed record DeleteStorageNetworkIpRange : IAsyncCommand<Success>
{
    [Description("The range")]
    public required Id<StorageIpRange> Id { get; init; }
}

internal sealed class DeleteStorageNetworkIpRangeHandler(CloudDb db, WorkflowQueue queue, TimeProvider clock)
    : IHandle<DeleteStorageNetworkIpRange, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteStorageNetworkIpRange command, Caller caller, CancellationToken ct)
    {
        var range = await db.FindAsync(caller, command.Id, ct);
        var (first, last) = (Ipv4.NumberOf(range.StartIp), Ipv4.NumberOf(range.EndIp));
        var held = await db.Set<SystemVm>().Where(v => v.ZoneId == range.ZoneId && v.StorageIp != null).Select(v => v.StorageIp!.Value).ToListAsync(ct);
        var users = held.Count(ip => first <= ip.Number && ip.Number <= last);
        if (users > 0)
            throw Refusal.InUse($"{users} system VMs have addresses of the range; add another one, then destroy them (destroySystemVm): they come back with other addresses.");
        range.Remove(clock.GetUtcNow());
        return new(queue.RecordDone(caller.Asks, nameof(StorageIpRange), range.Id.Value).Id);
    }
}
