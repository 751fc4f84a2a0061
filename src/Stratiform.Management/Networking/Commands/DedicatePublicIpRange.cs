using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Keeps the addresses of a range for one domain, or for one account of it.</summary>
[Command("Keeps a range of public addresses for a domain or account")]
internal sealed record DedicatePublicIpRange : ICommand<Shown<VlanIpRangeWire>>
{
    [Description("The range")]
    public required Id<PublicIpRange> Id { get; init; }

    [Description("The domain, with all below")]
    public required Id<Domain> DomainId { get; init; }

    [Description("The account of that domain for which alone they are; all unless said")]
    public string? Account { get; init; }
}

internal sealed class DedicatePublicIpRangeHandler(CloudDb db) : IHandle<DedicatePublicIpRange, Shown<VlanIpRangeWire>>
{
    public async Task<Shown<VlanIpRangeWire>> HandleAsync(DedicatePublicIpRange command, Caller caller, CancellationToken ct)
    {
        var range = await db.FindRangeAsync(caller, command.Id, isPortable: false, ct);
        if (range.KeptForDomainId is not null)
            throw Refusal.Conflict("The range is kept for a domain or account already; release it first (releasePublicIpRange).");
        if (range.ForSystemVms) throw Refusal.Conflict("The range is for system VMs, which are no account's.");
        range.KeepFor(command.DomainId, await db.KeptForAsync(caller, command.DomainId, command.Account, ct));
        await RequireUnusedByOthersAsync(range, ct);
        return new(range.Id.Value);
    }

    private async Task RequireUnusedByOthersAsync(PublicIpRange range, CancellationToken ct)
    {
        var held = db.Set<PublicIpAddress>().AsNoTracking().Where(a => a.RangeId == range.Id);
        var path = (await db.Set<Domain>().AsNoTracking().SingleAsync(d => d.Id == range.KeptForDomainId, ct)).Path;
        var account = range.KeptForAccountId;
        var others = db.Set<RouterScope>().Where(s => account != null ? s.AccountId != account
            : !db.Set<Domain>().Any(d => d.Id == s.DomainId && d.Path.StartsWith(path)));
        if (await held.FirstOrDefaultAsync(a => others.Any(s => s.Id == a.ScopeId), ct) is { } address)
            throw Refusal.InUse($"The address {address.Address} of the range is held by somebody else; see listPublicIpAddresses, and release it first (disassociateIpAddress).");
        var strangers = db.Set<Account>().IgnoreQueryFilters().Where(s => account != null ? s.Id != account
            : !db.Set<Domain>().Any(d => d.Id == s.DomainId && d.Path.StartsWith(path)));
        if (await held.FirstOrDefaultAsync(a => strangers.Any(s => s.Id == a.ReservedById), ct) is { } reserved)
            throw Refusal.InUse($"The address {reserved.Address} of the range is reserved for somebody else; see listPublicIpAddresses, and release it first (releaseIpAddress).");
        if (await held.FirstOrDefaultAsync(a => a.SystemVmId != null, ct) is { } system)
            throw Refusal.InUse($"The address {system.Address} of the range is held by a system VM, which needs one that is kept for nobody; "
                + "add another range (createVlanIpRange), then destroy the system VM (destroySystemVm): it comes back with another address.");
    }
}

/// <summary>Reads for whom a range is to be kept.</summary>
internal static class KeptRanges
{
    /// <summary>The account of the domain; null for all of them.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Domain or account do not exist for the caller (431).</exception>
    public static async Task<Id<Account>?> KeptForAsync(this CloudDb db, Caller caller, Id<Domain> domain, string? account, CancellationToken ct)
    {
        await db.FindAsync(caller, domain, ct, "domainid");
        return account is null ? null : await db.FindAccountAsync(caller, account, domain, ct);
    }
}
