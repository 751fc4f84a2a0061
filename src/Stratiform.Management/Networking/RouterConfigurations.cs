using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Reads a network's wishes, renders its router's configuration and brings it into the router.</summary>
public sealed class RouterConfigurations(CloudDb db, IEnumerable<IGuestsOfNetwork> guests)
{
    /// <summary>Applies the newest generation and notes it on the router, saved with the step.</summary>
    /// <exception cref="CloudException">The router refused a part; it keeps what it had.</exception>
    public async Task ApplyAsync(Router router, Id<Infrastructure.Host> host, Hosts hosts, CancellationToken ct)
    {
        // The generation is read before what it covers: a change in between is rendered early, never missed.
        var network = await db.Set<Network>().AsNoTracking().SingleAsync(n => n.Id == router.NetworkId, ct);
        if (router.AppliedGeneration >= network.WantedGeneration) return;
        var wishes = await ReadAsync(router, network, ct);
        var message = new EnsureRouterConfiguration
        {
            RouterId = router.Id.Value,
            Generation = network.WantedGeneration,
            Files = RouterFiles.Render(wishes),
        };
        var report = await hosts.EnsureAsync(host, router.Subject, message, ct);
        if (!report.Answers) throw new TransientException($"the router {router.Name} does not answer");
        foreach (var owner in guests) await owner.PasswordsTakenAsync(network.Id, report.PasswordsTaken, ct);
        if (report.Generation < message.Generation)
        {
            throw Refusal.Unavailable(
                $"The router {router.Name} keeps its configuration: {report.FailedPart} refused the new one ({report.FailedText}).");
        }
        router.Applied(report.Generation);
    }

    private async Task<RouterWishes> ReadAsync(Router router, Network network, CancellationToken ct)
    {
        var zone = await db.Set<Infrastructure.Zone>().AsNoTracking().SingleAsync(z => z.Id == network.ZoneId, ct);
        var sourceNat = await (
            from address in db.Set<PublicIpAddress>()
            where address.NetworkId == network.Id && address.IsSourceNat
            join range in db.Set<PublicIpRange>() on address.RangeId equals range.Id
            select new SourceNat(address.Address, range.Netmask, range.Gateway)).SingleOrDefaultAsync(ct);
        var served = new List<GuestWishes>();
        foreach (var owner in guests) served.AddRange(await owner.OfAsync(network, zone, ct));
        string[] resolvers = [zone.Dns1, .. zone.Dns2 is null ? Array.Empty<string>() : [zone.Dns2]];
        return new(router, network, sourceNat, resolvers, served);
    }
}

/// <summary>Who knows the guests of a network: declared here, told by the slice that owns virtual machines.</summary>
public interface IGuestsOfNetwork
{
    /// <summary>All guests that hold an address in the network.</summary>
    Task<IReadOnlyList<GuestWishes>> OfAsync(Network network, Infrastructure.Zone zone, CancellationToken ct);

    /// <summary>Whether the network has guests: any at all, or ones that run or are about to.</summary>
    Task<bool> AnyAsync(Id<Network> network, bool activeOnly, CancellationToken ct);

    /// <summary>Notes that guests took these passwords, by serial.</summary>
    Task PasswordsTakenAsync(Id<Network> network, IReadOnlyList<long> serials, CancellationToken ct);
}
