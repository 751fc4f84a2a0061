using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Takes public addresses that nobody holds out of a zone, or addresses that nobody has out of a shared network.</summary>
[Command("Deletes a range of public addresses, or of addresses of a shared network")]
internal sealed record DeleteVlanIpRange : ICommand<Success>
{
    [Description("The range")]
    public required Id<PublicIpRange> Id { get; init; }
}

internal sealed class DeleteVlanIpRangeHandler(CloudDb db, CommandCommit commit, TimeProvider clock) : IHandle<DeleteVlanIpRange, Success>
{
    public async Task<Success> HandleAsync(DeleteVlanIpRange command, Caller caller, CancellationToken ct)
    {
        var shared = new Id<SharedIpRange>(command.Id.Value);
        if (await db.Set<SharedIpRange>().SingleOrDefaultAsync(r => r.Id == shared && db.Set<Network>().Any(n => n.Id == r.NetworkId), ct) is { } ofNetwork)
        {
            db.Remove(ofNetwork);
            commit.Add((into, token) => GivenAddresses.RequireUnusedAsync(into, ofNetwork, token));
            return new();
        }
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
        if (addresses.Count(a => a.ReservedById is not null) is var reserved and > 0)
        {
            throw Refusal.InUse(
                $"{reserved} of the {addresses.Count} addresses {range.StartIp} to {range.EndIp} are reserved for accounts; release them (listPublicIpAddresses state=Reserved, releaseIpAddress).");
        }
        db.RemoveRange(addresses);
        range.Remove(clock.GetUtcNow());
        return new();
    }
}
