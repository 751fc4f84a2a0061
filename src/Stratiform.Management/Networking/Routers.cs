using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Routers through a caller's eyes.</summary>
internal static class Routers
{
    /// <summary>The router of a parameter, with the network that it serves.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller (431).</exception>
    public static async Task<(Router Router, Network Network)> FindRouterAsync(
        this CloudDb db, Caller caller, Id<Router> id, CancellationToken ct, [CallerArgumentExpression(nameof(id))] string parameter = "")
    {
        var found = await (
            from router in db.Visible<Router>(caller)
            where router.Id == id
            join network in db.Set<Network>() on router.NetworkId equals network.Id
            select new { Router = router, Network = network }).SingleOrDefaultAsync(ct);
        return found is null ? throw Visibility.Unknown(caller, parameter, id) : (found.Router, found.Network);
    }
}
