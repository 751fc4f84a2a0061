using Stratiform.Agent.Fencing;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>Messages about virtual networks.</summary>
internal static class NetworkMessages
{
    public static void List(MessageTable on)
    {
        on.Ensure((EnsureNetwork ensure) => Thing.Network(ensure.NetworkId), async (host, ensure, ct) =>
        {
            Check(ensure);
            await host.Drivers.Fabric.EnsureAsync(ensure, ct);
            return Done.Instance;
        });

        on.Ensure((EnsureDoors ensure) => Thing.Domain(ensure.DomainId), async (host, ensure, ct) =>
        {
            await host.Drivers.Fabric.SwitchAsync(ensure.Shut, ensure.Open, ct);
            if (ensure.Open.Count > 0) await host.Drivers.Hypervisor.AnnounceAsync(ensure.DomainId, ct);
            return Done.Instance;
        });

        on.Read((AgentHost host, ReadNicTraffic read, CancellationToken ct) => host.Drivers.Fabric.ReadTrafficAsync(read.NicIds, ct));

        on.EnsureNo((EnsureNoNetwork ensure) => Thing.Network(ensure.NetworkId), async (host, ensure, ct) =>
        {
            var domains = await host.Drivers.Hypervisor.ReadAllAsync(ct);
            if (domains.FirstOrDefault(domain => domain.IsPluggedInto(ensure.NetworkId)) is { } user)
                throw new HostException(HostErrorCode.Failed, $"{user.Spec.Name} is plugged into the network {ensure.NetworkId}.");
            await host.Drivers.Fabric.EnsureAbsentAsync(ensure.NetworkId, ct);
        });

        on.Ensure((EnsureGroups ensure) => Thing.Groups(ensure.HostId), async (host, ensure, ct) =>
        {
            GroupChecks.Check(ensure);
            await host.Drivers.Fabric.EnsureGroupsAsync(ensure, ct);
            return Done.Instance;
        });
    }

    private static void Check(EnsureNetwork network)
    {
        if (network.Traffic != TrafficType.Guest && network.Vni is not null)
            throw new HostException(HostErrorCode.Invalid, "Only guest networks have a VNI.");
        if (network.Vni is < 1 or > 16777215)
            throw new HostException(HostErrorCode.Invalid, $"{network.Vni} is no VNI: 1 to 16777215.");
        if (network.Mtu is < 576 or > 65535)
            throw new HostException(HostErrorCode.Invalid, $"{network.Mtu} is no MTU: 576 to 65535.");
    }
}
