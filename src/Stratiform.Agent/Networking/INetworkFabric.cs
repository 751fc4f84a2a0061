using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>Makes virtual networks that domains can be plugged into.</summary>
[Ability("networks")]
public interface INetworkFabric
{
    /// <summary>The network can be plugged into.</summary>
    Task EnsureAsync(EnsureNetwork network, CancellationToken ct);

    /// <summary>Nothing of the network is left; the caller has checked that no domain is plugged in.</summary>
    Task EnsureAbsentAsync(Guid networkId, CancellationToken ct);

    /// <summary>Networks present, sorted.</summary>
    Task<IReadOnlyList<Guid>> ReadAllAsync(CancellationToken ct);

    /// <summary>
    /// Where to plug a network card, or <see cref="HostErrorCode.NotFound"/>. Guard, rate, groups and shut door hold from its first frame on.
    /// </summary>
    Task<Plug> PlugAsync(NicSpec nic, CancellationToken ct);

    /// <summary>From now on, and all at once, packets pass as security groups say.</summary>
    Task EnsureGroupsAsync(EnsureGroups groups, CancellationToken ct);

    /// <summary>Nothing is left of the cards' guards, rates and doors; the caller has seen to it that their domain is gone.</summary>
    Task UnplugAsync(IReadOnlyList<NicSpec> nics, CancellationToken ct);

    /// <summary>What has passed those of the cards that are plugged in, since they are.</summary>
    Task<NicTraffic> ReadTrafficAsync(IReadOnlyList<Guid> nics, CancellationToken ct);

    /// <summary>In one moment the doors of some cards are shut and those of others open.</summary>
    Task SwitchAsync(IReadOnlyList<Guid> shut, IReadOnlyList<Guid> open, CancellationToken ct);
}

/// <summary>Where a network card is plugged.</summary>
/// <param name="Bridge">The bridge's name on the host.</param>
public sealed record Plug(string Bridge);
