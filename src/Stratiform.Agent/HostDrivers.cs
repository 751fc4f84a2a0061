using System.Reflection;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;

namespace Stratiform.Agent;

/// <summary>The technologies of one host, one driver for each family.</summary>
public sealed record HostDrivers(
    IMachine Machine, IHypervisor Hypervisor, IPoolDriver Pools, INetworkFabric Fabric, IRouterChannel Routers, IWorkerChannel Workers)
{
    /// <summary>What the drivers can do, by the interfaces they implement; sorted.</summary>
    public IReadOnlyList<string> Abilities { get; } =
    [
        .. new object[] { Hypervisor, Pools, Fabric, Routers, Workers }
            .SelectMany(driver => driver.GetType().GetInterfaces())
            .Select(face => face.GetCustomAttribute<AbilityAttribute>()?.Name)
            .OfType<string>().Distinct().Order(StringComparer.Ordinal),
    ];
}

/// <summary>Names what a host can do whose driver implements the interface.</summary>
[AttributeUsage(AttributeTargets.Interface)]
public sealed class AbilityAttribute(string name) : Attribute
{
    /// <summary>The name in the host's report.</summary>
    public string Name { get; } = name;
}
