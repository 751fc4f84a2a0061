using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The public addresses that networks of the caller hold; administrators see free ones too.</summary>
[Command("Lists public addresses", AllowedTo.Everyone)]
internal sealed record ListPublicIpAddresses : ListQuery<PublicIpWire>
{
    [Description("Lists only this address")]
    public Id<PublicIpAddress>? Id { get; init; }

    [Description("Lists only this address, written out")]
    public string? IpAddress { get; init; }

    [Description("Lists only addresses of this zone, and portable ones that are in it")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only addresses of this range, which may be a portable one")]
    public Id<PublicIpRange>? VlanId { get; init; }

    [Description("Lists only addresses that this network holds, or of its VPC those that lead into it")]
    public Id<Network>? AssociatedNetworkId { get; init; }

    [Description("Lists only addresses that this VPC holds")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("True lists only addresses by which guests go out, false only others")]
    public bool? IsSourceNat { get; init; }

    [Description("True lists only addresses that lead to one virtual machine, false only others")]
    public bool? IsStaticNat { get; init; }

    [Description("Lists only addresses in this state: Allocated, Reserved, Releasing or Free; Free goes with allocatedonly=false")]
    public PublicIpState? State { get; init; }

    [Description("True lists only addresses that load balancers may listen at, false only others")]
    public bool? ForLoadBalancing { get; init; }

    [Description("Lists only addresses of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("True lists only addresses of ranges that are for system VMs, false only others")]
    public bool? ForSystemVms { get; init; }

    [Description("False lists free addresses too: those that the caller's account may acquire or reserve, administrators of the cloud all")]
    public bool? AllocatedOnly { get; init; }

    [Description("An administrator lists everything in reach instead of the own account's")]
    public bool? ListAll { get; init; }

    [Description("Lists what the account of this name owns; the domain is domainid, else the caller's")]
    public string? Account { get; init; }

    [Description("Goes with account")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class ListPublicIpAddressesHandler(CloudDb db, Lists<PublicIpWire> lists, TimeProvider clock) : IHandle<ListPublicIpAddresses, Page<PublicIpWire>>
{
    public async Task<Page<PublicIpWire>> HandleAsync(ListPublicIpAddresses command, Caller caller, CancellationToken ct)
    {
        var scopes = await OwnedAsync(command, caller, ct);
        var accounts = await AccountsAsync(command, caller, ct);
        var free = Free(caller);
        var ips = db.Set<PublicIpAddress>().AsNoTracking();
        ips = ips.Where(a => scopes.Any(s => s.Id == a.ScopeId) || a.ScopeId == null && accounts.Any(o => o.Id == a.ReservedById)
            || command.AllocatedOnly == false && command.Account == null && a.ScopeId == null && (caller.IsRootAdmin || free.Any(f => f.Id == a.Id)));
        if (command.Id is { } id) ips = ips.Where(a => a.Id == id);
        if (command.IpAddress is { } text)
        {
            var address = Ipv4Address.Of(WireIp.Require(text, "ipaddress"));
            ips = ips.Where(a => a.Address == address);
        }
        if (command.ZoneId is { } zone) ips = ips.Where(a => a.ZoneId == zone || a.ZoneId == null
            && (db.Set<Network>().Any(n => n.ScopeId == a.ScopeId && n.ZoneId == zone) || db.Set<Vpc>().Any(v => v.ScopeId == a.ScopeId && v.ZoneId == zone)));
        if (command.VlanId is { } range) ips = ips.Where(a => a.RangeId == range);
        if (command.AssociatedNetworkId is { } network) ips = ips.Where(a => db.Set<Network>().Any(n => n.Id == network && n.ScopeId == a.ScopeId && (n.VpcId == null
                || db.Set<NetworkRule>().Any(r => r.AddressId == a.Id && r.NetworkId == n.Id) || db.Set<Nic>().Any(c => c.Id == a.StaticNatNicId && c.NetworkId == n.Id))));
        if (command.VpcId is { } vpc) ips = ips.Where(a => db.Set<Vpc>().Any(v => v.Id == vpc && v.ScopeId == a.ScopeId));
        if (command.IsStaticNat is { } leading) ips = ips.Where(a => a.StaticNatNicId != null == leading);
        if (command.IsSourceNat is { } source) ips = ips.Where(a => a.IsSourceNat == source);
        if (command.PhysicalNetworkId is { } wires) ips = ips.Where(a => db.Set<PublicIpRange>().Any(r => r.Id == a.RangeId && r.PhysicalNetworkId == wires));
        if (command.ForSystemVms is { } system) ips = ips.Where(a => db.Set<PublicIpRange>().Any(r => r.Id == a.RangeId && r.ForSystemVms) == system);
        if (command.State is { } state)
        {
            ips = ips.Where(a => a.IsReleasing == (state == PublicIpState.Releasing)
                && (state == PublicIpState.Releasing || (a.ScopeId != null || a.SystemVmId != null) == (state == PublicIpState.Allocated))
                && (state != PublicIpState.Reserved || a.ReservedById != null) && (state != PublicIpState.Free || a.ReservedById == null));
        }
        if (command.ForLoadBalancing is { } balancing)
        {
            ips = ips.Where(a => (a.ScopeId != null && !a.IsReleasing && a.StaticNatNicId == null
                && db.Set<Network>().Any(n => n.ScopeId == a.ScopeId && db.Set<NetworkOffering>().IgnoreQueryFilters()
                    .Any(o => o.Id == n.OfferingId && !o.InternalLb && o.Services.Contains(NetworkServices.Lb)))) == balancing);
        }
        return await lists.PageAsync(ips.OrderBy(a => a.ZoneId).ThenBy(a => a.Address).Select(a => a.Id), command, caller, ct);
    }

    private async Task<IQueryable<RouterScope>> OwnedAsync(ListPublicIpAddresses command, Caller caller, CancellationToken ct)
    {
        var scopes = db.Visible<RouterScope>(caller);
        if (command.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
            return scopes.Where(s => s.AccountId == account);
        }
        return IsInReach(command) ? scopes : scopes.Where(s => s.AccountId == caller.AccountId);
    }

    // Who may have reserved what is listed.
    private async Task<IQueryable<Account>> AccountsAsync(ListPublicIpAddresses command, Caller caller, CancellationToken ct)
    {
        var accounts = db.VisibleAccounts(caller);
        if (command.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
            return accounts.Where(a => a.Id == account);
        }
        return IsInReach(command) ? accounts : accounts.Where(a => a.Id == caller.AccountId);
    }

    private static bool IsInReach(ListPublicIpAddresses command) =>
        command.ListAll == true || command.Id is not null || command.AssociatedNetworkId is not null || command.VpcId is not null;

    private IQueryable<PublicIpAddress> Free(Caller caller)
    {
        var against = Quarantine.Against(db, caller.AccountId, clock.GetUtcNow());
        return Addresses.FreeFor(db, caller.AccountId).Where(a => a.ZoneId != null && !against.Any(q => q.AddressId == a.Id));
    }
}
