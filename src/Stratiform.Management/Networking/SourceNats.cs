using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>The public address by which a network or VPC goes out, where its owner chooses it.</summary>
internal static class SourceNats
{
    /// <summary>Whether an address was chosen, which then stays.</summary>
    public static Task<bool> HasChosenSourceNatAsync(this CloudDb db, Id<RouterScope> scope, CancellationToken ct) =>
        db.Set<PublicIpAddress>().AnyAsync(a => a.ScopeId == scope && a.IsSourceNat && a.IsAcquired, ct);

    /// <summary>Whether guests have an address to go out by.</summary>
    public static Task<bool> HasSourceNatAsync(this CloudDb db, Id<RouterScope> scope, CancellationToken ct) =>
        db.Set<PublicIpAddress>().AnyAsync(a => a.ScopeId == scope && a.IsSourceNat, ct);

    /// <summary>The address of a parameter, which it holds; null when nothing was said, or its guests go out by it already.</summary>
    /// <exception cref="CloudException">It was not acquired for it (431), or something stands in the way (537).</exception>
    public static async Task<SourceNatChoice?> ChooseSourceNatAsync(this CloudDb db, GoesOut by, string? text, CancellationToken ct)
    {
        if (text is null) return null;
        var address = Ipv4Address.Of(WireIp.Require(text, "sourcenatipaddress"));
        var found = await db.Set<PublicIpAddress>().AsNoTracking().SingleOrDefaultAsync(a => a.ScopeId == by.ScopeId && a.Address == address && !a.IsReleasing, ct)
            ?? throw Refusal.Parameter($"{by.Name} has no public address {address}; acquire it first (associateIpAddress).");
        if (found.IsSourceNat) return null;
        if (found.StaticNatNicId is not null)
            throw Refusal.Conflict($"All of {address} leads to one guest; disable that first (disableStaticNat), or choose another.");
        await db.RequireNoVpnAsync(by, ct);
        return new(found.Id, IsAcquired: true);
    }

    /// <summary>Refuses what has VPNs at the address that guests go out by.</summary>
    /// <exception cref="CloudException">It has (537).</exception>
    public static async Task RequireNoVpnAsync(this CloudDb db, GoesOut by, CancellationToken ct)
    {
        if (await db.Set<RemoteAccessVpn>().AnyAsync(v => v.ScopeId == by.ScopeId, ct))
            throw Refusal.Conflict($"{by.Name} has a remote access VPN, which listens at the address that guests go out by; delete it first (deleteRemoteAccessVpn).");
        if (await db.Set<VpnGateway>().AnyAsync(g => db.Set<Vpc>().Any(v => v.Id == g.VpcId && v.ScopeId == by.ScopeId), ct))
            throw Refusal.Conflict($"{by.Name} has a VPN gateway, whose far ends know the address that guests go out by; delete it first (deleteVpnGateway).");
    }

    /// <summary>The choice that leads back to how it is now; of no address while there is none.</summary>
    public static async Task<SourceNatChoice> SourceNatNowAsync(this CloudDb db, GoesOut by, CancellationToken ct) =>
        await db.Set<PublicIpAddress>().Where(a => a.ScopeId == by.ScopeId && a.IsSourceNat).Select(a => new SourceNatChoice(a.Id, a.IsAcquired)).SingleOrDefaultAsync(ct)
        ?? new(null, IsAcquired: false);

    /// <summary>Guests go out by the chosen address, in the commit of a step; the one before stays as one that was acquired.</summary>
    /// <exception cref="CloudException">It was released meanwhile (537).</exception>
    public static async Task GoOutByAsync(DbContext commit, Limits limits, GoesOut by, SourceNatChoice choice, CancellationToken ct)
    {
        var held = commit.Set<PublicIpAddress>().Where(a => a.ScopeId == by.ScopeId);
        var before = await held.Where(a => a.IsSourceNat).Select(a => (Id<PublicIpAddress>?)a.Id).SingleOrDefaultAsync(ct);
        if (before == choice.AddressId) return;
        // One after the other: an index sees to it that there is one.
        await held.Where(a => a.Id == before).ExecuteUpdateAsync(set => set.SetProperty(a => a.IsSourceNat, false).SetProperty(a => a.IsAcquired, true), ct);
        var there = await held.Where(a => a.Id == choice.AddressId && !a.IsReleasing && a.StaticNatNicId == null)
            .ExecuteUpdateAsync(set => set.SetProperty(a => a.IsSourceNat, true).SetProperty(a => a.IsAcquired, choice.IsAcquired), ct);
        if (there == 0 && choice.AddressId is not null) throw Refusal.Conflict("The public address was released meanwhile, or leads to one guest; nothing was changed.");
        // One that a network or VPC was just given counts as its own, others by themselves.
        var isGiven = choice is { AddressId: not null, IsAcquired: false };
        await Limits.ReleaseAsync(commit, isGiven ? choice.AddressId!.Value.Value : by.Id, ct, ResourceKind.PublicIp);
        if ((isGiven ? by.Id : before?.Value) is { } counted) await limits.TakeAsync(commit, by.AccountId, counted, ResourceKind.PublicIp, 1, ct);
    }

    /// <summary>As <see cref="GoOutByAsync"/>, to undo it: an address that somebody released meanwhile, or leads to one guest, is not gone back to.</summary>
    public static async Task GoBackToAsync(DbContext commit, Limits limits, GoesOut by, SourceNatChoice before, CancellationToken ct)
    {
        var held = commit.Set<PublicIpAddress>().Where(a => a.ScopeId == by.ScopeId && !a.IsReleasing && a.StaticNatNicId == null);
        if (before.AddressId is null || await held.AnyAsync(a => a.Id == before.AddressId, ct)) await GoOutByAsync(commit, limits, by, before, ct);
    }
}

/// <summary>By which public address guests go out.</summary>
/// <param name="AddressId">The address; null for none.</param>
/// <param name="IsAcquired">False for one that was given without being asked for, and goes back when nothing runs there.</param>
public sealed record SourceNatChoice(Id<PublicIpAddress>? AddressId, bool IsAcquired);

/// <summary>A network or a VPC, whose guests go out by one address.</summary>
/// <param name="Id">Which.</param>
/// <param name="Name">It, for people: "The network web".</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="ScopeId">What holds its addresses.</param>
public sealed record GoesOut(Guid Id, string Name, Id<Account> AccountId, Id<RouterScope> ScopeId)
{
    public static GoesOut Of(Network network) => new(network.Id.Value, $"The network {network.Name}", network.AccountId, network.ScopeId!.Value);

    public static GoesOut Of(Vpc vpc) => new(vpc.Id.Value, $"The VPC {vpc.Name}", vpc.AccountId, vpc.ScopeId);
}
