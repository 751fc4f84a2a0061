using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Stratiform.Agent;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Simulator;

/// <summary>A host with the real agent in it and fakes where its technologies would be.</summary>
public sealed class SimulatedHost
{
    private readonly MemoryFenceStore _fences = new();
    private volatile bool _isAlive = true;

    internal SimulatedHost(int number, int seed, FakeDisks disks, FakeDiskLocks locks, TimeProvider time)
    {
        Number = number;
        Machine = new FakeMachine(IdOf(seed, number), $"sim-{number}");
        Hypervisor = new FakeHypervisor(time, locks);
        Pools = new FakePools(disks);
        Routers = new FakeRouters(Hypervisor);
        Workers = new FakeWorkers(Hypervisor, disks, time);
        Agent = CreateAgent();
    }

    /// <summary>Its number, from 1; its base path is <c>/{n}/</c>.</summary>
    public int Number { get; }

    /// <summary>The machine.</summary>
    public FakeMachine Machine { get; }

    /// <summary>Its domains; tests change their power here.</summary>
    public FakeHypervisor Hypervisor { get; }

    /// <summary>Its pools.</summary>
    public FakePools Pools { get; }

    /// <summary>Its networks.</summary>
    public FakeFabric Fabric { get; } = new();

    /// <summary>The insides of its routers.</summary>
    public FakeRouters Routers { get; }

    /// <summary>The insides of its workers.</summary>
    public FakeWorkers Workers { get; }

    /// <summary>The agent as it runs now.</summary>
    public AgentHost Agent { get; private set; }

    /// <summary>Whether it has power.</summary>
    public bool IsAlive => _isAlive;

    /// <summary>The host's lasting UUID for a seed and number.</summary>
    public static Guid IdOf(int seed, int number) => Id.Derive(
        Guid.Empty, "simulator", seed.ToString(CultureInfo.InvariantCulture), "host", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The power goes: domains and networks are gone, disks and fences stay, nobody answers.</summary>
    public void Die()
    {
        _isAlive = false;
        Hypervisor.LosePower();
        Fabric.LosePower();
        Agent.Observer.Break();
    }

    /// <summary>The host boots again, with a new boot id.</summary>
    public void Revive()
    {
        if (_isAlive) return;
        Machine.Boot();
        RestartAgent();
        _isAlive = true;
    }

    /// <summary>The power goes and comes back at once.</summary>
    public void Reboot()
    {
        Die();
        Revive();
    }

    /// <summary>The agent ends and a new one adopts what runs.</summary>
    public void RestartAgent()
    {
        var before = Agent;
        Agent = CreateAgent();
        Hypervisor.Changed -= before.Observer.Nudge;
        before.Observer.Break();
    }

    private AgentHost CreateAgent() =>
        new(new HostDrivers(Machine, Hypervisor, Pools, Fabric, Routers, Workers), _fences, NullLogger<AgentHost>.Instance);
}
