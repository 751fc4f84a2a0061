using System.Globalization;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>The host's devices for each traffic type.</summary>
/// <param name="Guest">The interface that carries VXLAN; a bridge where shared networks are to be on it untagged.</param>
/// <param name="Public">The bridge to the outside.</param>
/// <param name="Management">The bridge of the management network.</param>
/// <param name="Storage">The bridge of the storage network.</param>
public sealed record TrafficDevices(string Guest, string Public, string Management, string Storage);

/// <summary>
/// Linux bridges. A guest network is a bridge of its own with a VXLAN in it, whose multicast group follows from the VNI; both
/// carry the network's id as alias, so the kernel is the only record of them. Networks of other traffic are the operator's
/// bridge, and which of them are wanted is noted for this boot.
/// </summary>
public sealed class BridgeFabric(Ip ip, Nft nft, TrafficDevices devices, string stateFolder, string bootId) : INetworkFabric
{
    private const int VxlanOverheadBytes = 50;
    private const int VxlanPort = 4789;
    private readonly NicGuards _guards = new(nft);
    private readonly GroupBook _groups = new(ip, nft, stateFolder, bootId);
    private readonly string _notes = Path.Combine(stateFolder, "networks.json");

    private SemaphoreSlim Turn { get; } = new(1, 1);

    /// <inheritdoc/>
    public async Task EnsureAsync(EnsureNetwork network, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            if (network.Vni is { } vni) await EnsureGuestAsync(network, vni, ct);
            else await EnsureSharedAsync(network, ct);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task EnsureAbsentAsync(Guid networkId, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            string[] ours = [DeviceNames.Vxlan(networkId), DeviceNames.Bridge(networkId)];
            var links = await ip.LinksAsync(ct);
            foreach (var device in ours.Where(device => links.Any(link => link.Name == device)))
                await ip.RunAsync(["link", "delete", "dev", device], ct);
            var notes = Read();
            if (notes.Remove(networkId)) Write(notes);
        }
        finally
        {
            Turn.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Guid>> ReadAllAsync(CancellationToken ct)
    {
        var guests = (await ip.LinksAsync(ct))
            .Where(link => link.Kind == "bridge" && Guid.TryParse(link.Alias, out _)).Select(link => Guid.Parse(link.Alias));
        return [.. guests.Concat(Read().Keys).Order()];
    }

    /// <inheritdoc/>
    public async Task<Plug> PlugAsync(NicSpec nic, CancellationToken ct)
    {
        var plug = await LocateAsync(nic.NetworkId, ct);
        if (nic.Guard is { IsInGroups: true }) await _groups.RequireAsync(nic, plug.Bridge, ct);
        if (nic.Guard is not null || nic.RateMbit > 0) await _guards.EnsureAsync(nic, ct);
        if (nic.IsShut) await _guards.SwitchAsync([nic.Id], [], ct);
        return plug;
    }

    /// <inheritdoc/>
    public Task EnsureGroupsAsync(EnsureGroups groups, CancellationToken ct) =>
        _groups.EnsureAsync(groups, network => network.IsUntagged ? devices.Guest : DeviceNames.Bridge(network.NetworkId), ct);

    /// <inheritdoc/>
    public async Task UnplugAsync(IReadOnlyList<NicSpec> nics, CancellationToken ct)
    {
        if (nics.Count > 0) await _guards.EnsureAbsentAsync(nics, ct);
    }

    /// <inheritdoc/>
    public async Task<NicTraffic> ReadTrafficAsync(IReadOnlyList<Guid> nics, CancellationToken ct)
    {
        var taps = (await ip.TrafficAsync(ct)).ToDictionary(link => link.Name, StringComparer.Ordinal);
        // What the tap sends is what its guest receives.
        return new NicTraffic([.. from nic in nics
            let tap = taps.GetValueOrDefault(DeviceNames.Tap(nic))
            where tap is not null
            select new NicCount(nic, tap.Number, tap.SentBytes, tap.ReceivedBytes)]);
    }

    /// <inheritdoc/>
    public async Task SwitchAsync(IReadOnlyList<Guid> shut, IReadOnlyList<Guid> open, CancellationToken ct)
    {
        var links = shut.Count == 0 ? [] : await ip.LinksAsync(ct);
        await _guards.SwitchAsync(shut, open, ct);
        // What a bridge has learnt would lead to the shut door; what it has forgotten it sends everywhere, until it hears the new one.
        foreach (var tap in shut.Select(DeviceNames.Tap).Where(tap => links.Any(link => link.Name == tap && link.Bridge.Length > 0)))
            await ip.RunAsync(["link", "set", "dev", tap, "type", "bridge_slave", "fdb_flush"], ct);
    }

    /// <summary>The group that hosts exchange a network's unknown destinations through, of those for local use (RFC 2365).</summary>
    internal static string GroupOf(int vni) =>
        string.Create(CultureInfo.InvariantCulture, $"239.{(vni >> 16) & 255}.{(vni >> 8) & 255}.{vni & 255}");

    private async Task<Plug> LocateAsync(Guid networkId, CancellationToken ct)
    {
        if (Read().TryGetValue(networkId, out var traffic)) return new Plug(DeviceOf(traffic));
        var bridge = DeviceNames.Bridge(networkId);
        return (await ip.LinksAsync(ct)).Any(link => link.Name == bridge)
            ? new Plug(bridge)
            : throw new HostException(HostErrorCode.NotFound, $"The network {networkId} is not on this host.");
    }

    private async Task EnsureGuestAsync(EnsureNetwork network, int vni, CancellationToken ct)
    {
        var (bridge, vxlan) = (DeviceNames.Bridge(network.NetworkId), DeviceNames.Vxlan(network.NetworkId));
        var links = await ip.LinksAsync(ct);
        RequireWire(links, network);
        if (links.FirstOrDefault(link => link.Name == vxlan) is { } there && there.Vni != vni)
            throw new HostException(HostErrorCode.Invalid, $"The network {network.NetworkId} is there already, with the VNI {there.Vni}.");
        if (links.FirstOrDefault(link => link.Vni == vni && link.Name != vxlan) is { } twin)
            throw new HostException(HostErrorCode.Failed, $"The network {twin.Alias} has the VNI {vni} already, on {twin.Name}.");
        if (links.All(link => link.Name != bridge))
            await ip.RunAsync(["link", "add", bridge, "type", "bridge", "mcast_snooping", "0", "forward_delay", "0"], ct);
        if (links.All(link => link.Name != vxlan))
            await ip.RunAsync(["link", "add", vxlan, .. Vxlan(vni)], ct);
        await FinishAsync(vxlan, network, ["master", bridge], ct);
        await FinishAsync(bridge, network, [], ct);
    }

    private string[] Vxlan(int vni) =>
    [
        "type", "vxlan", "id", Number(vni), "group", GroupOf(vni), "dev", devices.Guest, "dstport", Number(VxlanPort), "ttl", "16",
    ];

    // The host itself has no address in a tenant's network, not even one of its own choice.
    private Task<string> FinishAsync(string device, EnsureNetwork network, string[] more, CancellationToken ct) => ip.RunAsync(
    [
        "link", "set", "dev", device, "alias", $"{network.NetworkId}", "addrgenmode", "none", "mtu", Number(network.Mtu), .. more, "up",
    ], ct);

    private void RequireWire(IReadOnlyList<IpLink> links, EnsureNetwork network)
    {
        var wire = links.FirstOrDefault(link => link.Name == devices.Guest)
            ?? throw new HostException(HostErrorCode.Failed, $"The host has no interface {devices.Guest} for guest traffic.");
        if (network.Mtu + VxlanOverheadBytes > wire.Mtu)
        {
            throw new HostException(HostErrorCode.Invalid,
                $"An MTU of {network.Mtu} needs {network.Mtu + VxlanOverheadBytes} on {wire.Name}, which has {wire.Mtu}.");
        }
    }

    private async Task EnsureSharedAsync(EnsureNetwork network, CancellationToken ct)
    {
        var bridge = DeviceOf(network.Traffic);
        if ((await ip.LinksAsync(ct)).All(link => link.Name != bridge || link.Kind != "bridge"))
            throw new HostException(HostErrorCode.Failed, $"The host has no bridge {bridge} for {network.Traffic} traffic.");
        var notes = Read();
        if (!notes.TryAdd(network.NetworkId, network.Traffic) && notes[network.NetworkId] != network.Traffic)
            throw new HostException(HostErrorCode.Invalid, $"The network {network.NetworkId} is there already, with other wires.");
        Write(notes);
    }

    private string DeviceOf(TrafficType traffic) => traffic switch
    {
        TrafficType.Guest => devices.Guest,
        TrafficType.Public => devices.Public,
        TrafficType.Management => devices.Management,
        TrafficType.Storage => devices.Storage,
    };

    private Dictionary<Guid, TrafficType> Read()
    {
        if (!File.Exists(_notes)) return [];
        var notes = JsonSerializer.Deserialize<Notes>(File.ReadAllText(_notes), ProtocolJson.Options)!;
        return notes.BootId == bootId ? notes.Networks : [];
    }

    private void Write(Dictionary<Guid, TrafficType> networks) =>
        DurableFile.Write(_notes, JsonSerializer.Serialize(new Notes(bootId, networks), ProtocolJson.Options));

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Notes(string BootId, Dictionary<Guid, TrafficType> Networks);
}
