using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes public addresses that nobody holds out of a zone.</summary>
[Command("Deletes a range of public addresses")]
internal sealed record DeleteVlanIpRange : ICommand<Success>
{
    [Description("The range")]
    public required Id<PublicIpRange> Id { get; init; }
}

internal sealed class DeleteVlanIpRangeHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteVlanIpRange, Success>
{
    public async Task<Success> HandleAsync(DeleteVlanIpRange command, Caller caller, CancellationToken ct)
    {
        var range = await db.FindRangeAsync(caller, command.Id, isPortable: false, ct);
        var addresses = await db.Set<PublicIpAddress>().Where(a => a.RangeId == range.Id).ToListAsync(ct);
        var holders = addresses.Select(a => a.ScopeId).OfType<Id<RouterScope>>().ToList();
        var systemVms = addresses.Count(a => a.SystemVmId is not null);
        if (systemVms > 0)
        {
            throw Refusal.InUse(
                $"{systemVms} of the {addresses.Count} addresses {range.StartIp} to {range.EndIp} are held by system VMs; "
                + "add another range (createVlanIpRange), then destroy them (listSystemVms, destroySystemVm): they come back with other addresses.");
        }
        if (holders.Count > 0)
        {
            throw Refusal.InUse(
                $"{holders.Count} of the {addresses.Count} addresses {range.StartIp} to {range.EndIp} are held by {holders.Distinct().Count()} networks; "
                + "release them (listPublicIpAddresses, disassociateIpAddress), delete those networks, or wait until they are shut down.");
        }
        db.RemoveRange(addresses);
        range.Remove(clock.GetUtcNow());
        return new();
    }
}
