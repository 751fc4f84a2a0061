using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Networking;

/// <summary>What routers need of hosts when they boot next; two of a pair are never on one.</summary>
public sealed class RouterRoom(CloudDb db, Planner planner, LiveSettings settings)
{
    public RouterMake MadeNow(Router router) => router.Made.In(settings.Get(NetworkSettings.PreferredArch));

    public async Task<PlacementRequest> ForAsync(Router router, CancellationToken ct) =>
        RouterDomain.RoomFor(router, router.ServingId, MadeNow(router)) with { OtherHosts = await db.HostsOfOthersAsync(router, ct) };

    /// <summary>Whether a host could take it now.</summary>
    public async Task<bool> IsThereAsync(Router router, CancellationToken ct) => await planner.HasRoomAsync(await ForAsync(router, ct), ct);

    /// <summary>Whether a host could take another one like it, that it would take turns with.</summary>
    public Task<bool> IsThereBesideAsync(Router router, CancellationToken ct) =>
        planner.HasRoomAsync(RouterDomain.RoomFor(router, router.ServingId, MadeNow(router)) with { OtherHosts = router.HostId is { } host ? [host] : [] }, ct);
}
