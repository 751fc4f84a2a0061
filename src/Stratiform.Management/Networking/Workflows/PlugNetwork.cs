using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Makes a network available on a host. It stays there for the next guest; the network's end removes it.</summary>
public sealed class PlugNetwork(CloudDb db, Hosts hosts) : Workflow<PlugNetwork.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="NetworkId">The network.</param>
    /// <param name="HostId">The host.</param>
    public sealed record Memory(Id<Network> NetworkId, Id<Host> HostId);

    public static Order<PlugNetwork> For(Id<Network> network, Id<Host> host) => new()
    {
        State = new Memory(network, host),
        Subjects = [new(SubjectKinds.Network, network.Value)],
        InstanceKind = nameof(Network),
        InstanceId = network.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteHost)
        .Do(EnsureNetwork)
        .Do(MarkReady);

    // The row comes before the call: what a host was told of is known, whatever happens next.
    private async Task NoteHost(CancellationToken ct)
    {
        if (!await db.Set<Network>().AnyAsync(n => n.Id == State.NetworkId && (n.Vni != null || n.IsShared), ct))
            throw Api.Refusal.Parameter($"The network {State.NetworkId} was shut down.");
        if (await RowAsync(ct) is null) db.Add(new NetworkOnHost { NetworkId = State.NetworkId, HostId = State.HostId });
    }

    private async Task EnsureNetwork(CancellationToken ct)
    {
        var network = await db.Set<Network>().SingleAsync(n => n.Id == State.NetworkId, ct);
        var message = new EnsureNetwork
        {
            NetworkId = network.Id.Value,
            Traffic = TrafficType.Guest,
            Vni = network.Vni,
            Mtu = network.Mtu,
        };
        await hosts.EnsureAsync(State.HostId, network.Subject, message, ct);
        (await RowAsync(ct))!.Mtu = message.Mtu;
    }

    private async Task MarkReady(CancellationToken ct) => (await RowAsync(ct))!.Ready = true;

    private Task<NetworkOnHost?> RowAsync(CancellationToken ct) =>
        db.Set<NetworkOnHost>().SingleOrDefaultAsync(n => n.NetworkId == State.NetworkId && n.HostId == State.HostId, ct);
}
