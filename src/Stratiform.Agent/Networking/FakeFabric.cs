using System.Collections.Concurrent;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>Networks of a simulated host: names without wires.</summary>
public sealed class FakeFabric : INetworkFabric
{
    private readonly ConcurrentDictionary<Guid, EnsureNetwork> _networks = new();
    private readonly ConcurrentDictionary<Guid, bool> _shut = new();

    private readonly ConcurrentDictionary<Guid, NicCount> _passed = new();

    /// <summary>What it was told of security groups; null for nothing.</summary>
    public EnsureGroups? Groups { get; private set; }

    /// <inheritdoc/>
    public Task EnsureAsync(EnsureNetwork network, CancellationToken ct)
    {
        if (network.Vni is { } vni
            && _networks.Values.FirstOrDefault(other => other.NetworkId != network.NetworkId && other.Vni == vni) is { } twin)
            throw new HostException(HostErrorCode.Failed, $"The network {twin.NetworkId} has the VNI {vni} already.");
        var there = _networks.GetOrAdd(network.NetworkId, network);
        if ((there.Traffic, there.Vni) != (network.Traffic, network.Vni))
            throw new HostException(HostErrorCode.Invalid, $"The network {network.NetworkId} is there already, with other wires.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task EnsureAbsentAsync(Guid networkId, CancellationToken ct)
    {
        _networks.TryRemove(networkId, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Guid>> ReadAllAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<Guid>>([.. _networks.Keys.Order()]);

    /// <inheritdoc/>
    public Task<Plug> PlugAsync(NicSpec nic, CancellationToken ct)
    {
        if (!_networks.ContainsKey(nic.NetworkId))
            throw new HostException(HostErrorCode.NotFound, $"The network {nic.NetworkId} is not on this host.");
        if (nic.Guard is { IsInGroups: true } && Groups?.Cards.Any(card => card.NicId == nic.Id) != true)
            throw new HostException(HostErrorCode.Failed, $"The host has not been told of the security groups of the card {nic.Id}.");
        if (nic.IsShut) _shut[nic.Id] = true;
        return Task.FromResult(new Plug("fake"));
    }

    /// <inheritdoc/>
    public Task EnsureGroupsAsync(EnsureGroups groups, CancellationToken ct)
    {
        Groups = groups;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task UnplugAsync(IReadOnlyList<NicSpec> nics, CancellationToken ct) => SwitchAsync([], [.. nics.Select(nic => nic.Id)], ct);

    /// <inheritdoc/>
    public Task SwitchAsync(IReadOnlyList<Guid> shut, IReadOnlyList<Guid> open, CancellationToken ct)
    {
        foreach (var nic in open) _shut.TryRemove(nic, out _);
        foreach (var nic in shut) _shut[nic] = true;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<NicTraffic> ReadTrafficAsync(IReadOnlyList<Guid> nics, CancellationToken ct) =>
        Task.FromResult(new NicTraffic([.. nics.Where(_passed.ContainsKey).Select(nic => _passed[nic])]));

    /// <summary>So much has passed a card.</summary>
    public void Pass(NicCount passed) => _passed[passed.NicId] = passed;

    /// <summary>Cards whose doors are shut.</summary>
    public IReadOnlyCollection<Guid> ShutDoors => [.. _shut.Keys];

    /// <summary>The host has lost its power: bridges are gone, and doors and groups with them.</summary>
    public void LosePower()
    {
        _networks.Clear();
        _shut.Clear();
        Groups = null;
    }
}
