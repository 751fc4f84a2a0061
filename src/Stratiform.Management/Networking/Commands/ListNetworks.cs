using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The networks that exist for the caller.</summary>
[Command("Lists networks", AllowedTo.Everyone)]
internal sealed record ListNetworks : OwnedListQuery<Network, NetworkWire>
{
    [Description("Lists only the network of this name")]
    public string? Name { get; init; }

    [Description("Lists only networks of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only networks of this type: Isolated, L2 or Shared")]
    public GuestNetworkType? Type { get; init; }

    [Description("Lists only networks of this offering")]
    public Id<NetworkOffering>? NetworkOfferingId { get; init; }

    [Description("Lists only networks of this physical network")]
    public Id<PhysicalNetwork>? PhysicalNetworkId { get; init; }

    [Description("True lists networks in which virtual machines can be deployed")]
    public bool? CanUseForDeploy { get; init; }

    [Description("True lists the cloud's own networks alone: those that private gateways are in")]
    public bool? IsSystem { get; init; }

    [Description("Lists only tiers of this VPC")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("True lists only tiers of VPCs, false only others")]
    public bool? ForVpc { get; init; }

    [Description("Account lists only networks that one account may use, Domain only those of all accounts of a domain")]
    public NetworkAclType? AclType { get; init; }

    [Description("Account: accounts' own; Domain: those that all accounts of a domain share; AccountDomain: both; Shared: others' that the account has the permission to use; All unless said")]
    public NetworkFilter? NetworkFilter { get; init; }

    [Description("Lists only networks whose offering has all these services, comma separated")]
    public IReadOnlyList<string>? SupportedServices { get; init; }

    [Description("True lists only networks that were made with a range of addresses, false only others")]
    public bool? SpecifyIpRanges { get; init; }

    [Description("True lists networks that need a restart to take changes over: there are none")]
    public bool? RestartRequired { get; init; }

    [Description("True lists only networks that tenants see in lists, false only others")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? DisplayNetwork { get; init; }

    [Description("Lists only networks that are there: untagged, or the number of a VXLAN, also as vxlan://7001")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Vlan { get; init; }

    [Description("True answers with how many there are, and no rows")]
    public bool? RetrieveOnlyResourceCount { get; init; }

    [Description("Guest is the one there is")]
    public string? TrafficType { get; init; }
}

internal sealed class ListNetworksHandler(CloudDb db, Lists<NetworkWire> lists) : IHandle<ListNetworks, Page<NetworkWire>>
{
    public async Task<Page<NetworkWire>> HandleAsync(ListNetworks command, Caller caller, CancellationToken ct)
    {
        var networks = await FilteredAsync(command, caller, ct);
        if (command.AclType is { } acl) networks = networks.Where(n => (n.IsShared && n.ForAccountId == null) == (acl == NetworkAclType.Domain));
        if (command.Name is { } name) networks = networks.Where(n => n.Name == name);
        if (command.ZoneId is { } zone) networks = networks.Where(n => n.ZoneId == zone);
        if (command.NetworkOfferingId is { } offering) networks = networks.Where(n => n.OfferingId == offering);
        if (command.PhysicalNetworkId is { } wires) networks = networks.Where(n => n.PhysicalNetworkId == wires);
        if (command.VpcId is { } vpc) networks = networks.Where(n => n.VpcId == vpc);
        if (command.ForVpc is { } forVpc) networks = networks.Where(n => n.VpcId != null == forVpc);
        if (command.Type is { } type) networks = networks.Where(n => db.Set<NetworkOffering>().IgnoreQueryFilters().Any(o => o.Id == n.OfferingId && o.Type == type));
        if (command.SpecifyIpRanges is { } withRange) networks = networks.Where(n => n.IsShared == withRange);
        foreach (var service in command.SupportedServices ?? [])
            networks = networks.Where(n => db.Set<NetworkOffering>().IgnoreQueryFilters().Any(o => o.Id == n.OfferingId && o.Services.Contains(service)));
        networks = networks.Where(n => n.IsPrivate == (command.IsSystem == true));
        var none = command.CanUseForDeploy == false || command.RestartRequired == true
            || command.TrafficType is { } traffic && !traffic.Equals("Guest", StringComparison.OrdinalIgnoreCase);
        if (none) networks = networks.Where(_ => false);
        var shown = caller.IsRootAdmin ? command.DisplayNetwork : true;
        if (shown is { } isShown) networks = networks.Where(n => n.IsHidden != isShown);
        if (command.Vlan is { } vlan) networks = At(networks, vlan);
        if (command.Keyword is { } keyword) networks = networks.Where(n => EF.Functions.ILike(n.Name, Keyword.Pattern(keyword), Keyword.Escape));
        if (command.RetrieveOnlyResourceCount == true) return new(await networks.CountAsync(ct), []);
        return await lists.PageAsync(networks.OrderBy(n => n.CreatedAt).ThenBy(n => n.Id).Select(n => n.Id), command, caller, ct);
    }

    private static IQueryable<Network> At(IQueryable<Network> networks, string vlan)
    {
        const string Scheme = "vxlan://";
        var place = vlan.Trim();
        if (place.Equals("untagged", StringComparison.OrdinalIgnoreCase)) return networks.Where(n => n.IsShared && n.Vni == null);
        if (place.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) place = place[Scheme.Length..];
        return int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var vni) ? networks.Where(n => n.Vni == vni) : networks.Where(_ => false);
    }

    private async Task<IQueryable<Network>> FilteredAsync(ListNetworks command, Caller caller, CancellationToken ct)
    {
        var filter = command.NetworkFilter ?? NetworkFilter.All;
        var own = await db.ListedAsync(command, caller, ct);
        if (filter == NetworkFilter.Account) own = own.Where(n => !n.IsShared || n.ForAccountId != null);
        if (filter == NetworkFilter.Domain) own = own.Where(n => n.IsShared && n.ForAccountId == null);
        if (filter == NetworkFilter.Shared) own = own.Where(_ => false);
        if (command is { DomainId: not null, Account: null } or { Tags: not null }) return own;

        var account = command.Account is { } name ? await db.FindAccountAsync(caller, name, command.DomainId, ct) : caller.AccountId;
        var others = filter switch
        {
            NetworkFilter.Shared => db.NetworksGivenTo(account),
            NetworkFilter.All when command.Account is not null => db.NetworksGivenTo(account),
            NetworkFilter.All => db.SharedNetworksFor(caller),
            NetworkFilter.Account => db.Set<Network>().Where(n => n.IsShared && n.ForAccountId == account),
            NetworkFilter.Domain => db.SharedNetworksFor(caller).Where(n => n.IsShared && n.ForAccountId == null && command.Account == null),
            NetworkFilter.AccountDomain => db.SharedNetworksFor(caller).Where(n => n.IsShared && command.Account == null),
        };
        if (command.Id is { } id) others = others.Where(n => n.Id == id);
        if (command.Ids is { } ids) others = others.Where(n => ids.Contains(n.Id));
        return db.Set<Network>().AsNoTracking().Where(n => own.Any(o => o.Id == n.Id) || others.Any(s => s.Id == n.Id));
    }
}

/// <summary>Which networks a list means by whose they are, in the API's words.</summary>
public enum NetworkFilter
{
    /// <summary>Accounts' own, and the cloud's that are for one account.</summary>
    Account,

    /// <summary>The cloud's that are for all of a domain.</summary>
    Domain,

    /// <summary>Both of these.</summary>
    AccountDomain,

    /// <summary>Other accounts' that the account has the permission to use.</summary>
    Shared,

    /// <summary>All that the account may use.</summary>
    All,
}
