using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Networking;

/// <summary>Gives those who have no network one of the offering that is required, so that a guest can be the first thing they make.</summary>
internal sealed class FirstNetworks(CloudDb db, Limits limits, LiveSettings settings, CommandCommit commit, TimeProvider clock)
{
    /// <summary>A network for guests of the owner, made in the command's commit; null where no offering is required.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">The zone cannot carry it (431).</exception>
    public async Task<Network?> MakeAsync(Owner owner, Zone zone, CancellationToken ct)
    {
        var offering = await db.Set<NetworkOffering>()
            .Where(o => o.Availability == NetworkAvailability.Required && o.State == AllocationState.Enabled).FirstOrDefaultAsync(ct);
        if (offering is null) return null;
        var wires = await db.GuestWiresAsync(zone.Id, ct);
        await NetworkServices.RequireProviderAsync(db, wires.Id, ct);
        var cidr = IPNetwork.Parse(zone.GuestCidr);
        var account = await db.Set<Account>().Where(a => a.Id == owner.AccountId).Select(a => a.Name).SingleAsync(ct);
        var subnet = new Subnet(cidr, Ipv4.AddressOf(Ipv4.HostsOf(cidr).First));
        var network = new Network(account + "-network", offering, wires, subnet, owner.AccountId, owner.DomainId, clock.GetUtcNow())
        {
            NetworkDomain = zone.NetworkDomain ?? "cloud.internal",
            Mtu = Mtus.Usual(settings),
        };
        network.DisplayText = network.Name;
        network.Scope!.PublicMtu = Mtus.UsualPublic(settings);
        if (offering.RouterMade is { } made) network.Scope.MakeRoutersOf(made);
        db.Add(network);
        commit.Add((into, token) => CountAsync(into, network, token));
        return network;
    }

    // Whoever adds networks of an account passes here one after the other: of two guests that come at once, the second finds the network of the first.
    private async Task CountAsync(DbContext into, Network network, CancellationToken ct)
    {
        await limits.TakeAsync(into, network.AccountId, network.Id.Value, ResourceKind.Network, 1, ct);
        if (await into.Set<Network>().AnyAsync(n => n.AccountId == network.AccountId && n.ZoneId == network.ZoneId && n.VpcId == null && n.Id != network.Id, ct))
            throw new DbUpdateConcurrencyException("the account has a network by now");
    }
}
