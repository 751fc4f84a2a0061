using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>The elements of the providers of one name, each of which has commands of its own.</summary>
internal static class ProviderElements
{
    /// <summary>Those of physical networks that are there.</summary>
    public static IQueryable<VirtualRouterElement> ElementsOf(this CloudDb db, string provider) =>
        from element in db.Set<VirtualRouterElement>()
        join of in db.Set<NetworkServiceProvider>() on element.ProviderId equals of.Id
        join wires in db.Set<PhysicalNetwork>() on of.PhysicalNetworkId equals wires.Id
        where of.Name == provider
        select element;

    /// <summary>The element of the parameter id.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist (431).</exception>
    public static async Task<VirtualRouterElement> FindElementAsync(
        this CloudDb db, Caller caller, string provider, Id<VirtualRouterElement> id, CancellationToken ct) =>
        await db.ElementsOf(provider).SingleOrDefaultAsync(e => e.Id == id, ct) ?? throw Visibility.Unknown(caller, nameof(id), id);
}
