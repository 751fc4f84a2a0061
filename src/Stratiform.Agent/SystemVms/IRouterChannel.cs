using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Reaches what runs inside a router without using its networks.</summary>
[Ability("routers")]
public interface IRouterChannel
{
    /// <summary>The router runs this configuration, or the report says which part failed.</summary>
    Task<RouterReport> EnsureAsync(EnsureRouterConfiguration configuration, CancellationToken ct);

    /// <summary>What the router runs; one that does not answer (yet) says so.</summary>
    Task<RouterReport> ReadAsync(Guid routerId, CancellationToken ct);

    /// <summary>The router has looked at itself; one that does not answer says so.</summary>
    Task<RouterHealth> LookAsync(Guid routerId, CancellationToken ct);

    /// <summary>How its VPN connections stand; a router that does not answer says so.</summary>
    Task<RouterTunnels> TunnelsAsync(Guid routerId, CancellationToken ct);
}
