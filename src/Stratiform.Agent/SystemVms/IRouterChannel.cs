using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Reaches what runs inside a router without using its networks.</summary>
[Ability("routers")]
public interface IRouterChannel
{
    /// <summary>The router runs this configuration, or the report says which part failed.</summary>
    Task<RouterReport> EnsureAsync(EnsureRouterConfiguration configuration, CancellationToken ct);

    /// <summary>What the router runs; one that does not answer (yet) says so, after a moment in which it may.</summary>
    Task<RouterReport> ReadAsync(Guid routerId, CancellationToken ct);

    /// <summary>Whether the router answers, after a moment in which it may begin to: what costs one that boots the least.</summary>
    Task<bool> AnswersAsync(Guid routerId, CancellationToken ct);

    /// <summary>The connections that the router tracks; those of one that does not answer are null.</summary>
    Task<RouterConnections> ReadConnectionsAsync(Guid routerId, CancellationToken ct);

    /// <summary>The router goes on with the connections besides its own, and makes itself known.</summary>
    Task AdoptConnectionsAsync(Guid routerId, byte[] packed, CancellationToken ct);

    /// <summary>A router of a pair that serves has let the other one take over; nothing happens to any other, or to one that does not answer.</summary>
    Task YieldAsync(Guid routerId, CancellationToken ct);

    /// <summary>The router has looked at itself; one that does not answer says so.</summary>
    Task<RouterHealth> LookAsync(Guid routerId, CancellationToken ct);

    /// <summary>What a probe of the network shows from inside a router, or from inside another system VM.</summary>
    Task<Diagnosis> DiagnoseAsync(ReadDiagnosis read, CancellationToken ct);

    /// <summary>What tells how a router or another system VM is.</summary>
    Task<DiagnosticsData> CollectAsync(ReadDiagnosticsData read, CancellationToken ct);

    /// <summary>What the router's load balancers have counted; one that does not answer says so.</summary>
    Task<BalancersReport> CountAsync(Guid routerId, CancellationToken ct);

    /// <summary>What has passed the router since it booted; one that does not answer says so.</summary>
    Task<RouterTraffic> ReadTrafficAsync(Guid routerId, CancellationToken ct);

    /// <summary>How its VPN connections stand; a router that does not answer says so.</summary>
    Task<RouterTunnels> TunnelsAsync(Guid routerId, CancellationToken ct);
}
