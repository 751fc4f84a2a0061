using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent;

/// <summary>Messages about the host itself.</summary>
internal static class HostMessages
{
    private static readonly string AgentVersion = typeof(HostMessages).Assembly.GetName().Version!.ToString(3);

    public static void List(MessageTable on)
    {
        on.Read((AgentHost host, ReadHost _, CancellationToken ct) => ReadHostAsync(host, ct));
        on.Read((AgentHost host, ReadInventory _, CancellationToken ct) => ReadInventoryAsync(host, ct));
    }

    private static async Task<HostReport> ReadHostAsync(AgentHost host, CancellationToken ct)
    {
        var machine = host.Drivers.Machine;
        var hypervisor = await host.Drivers.Hypervisor.DescribeAsync(ct);
        return new HostReport
        {
            HostId = machine.HostId,
            Name = machine.Name,
            BootId = machine.BootId,
            Cpus = machine.Cpus,
            CpuMhz = machine.CpuMhz,
            MemoryMib = machine.MemoryMib,
            Accelerator = hypervisor.Accelerator,
            AcceleratorReason = hypervisor.Reason,
            HypervisorVersion = hypervisor.Version,
            AgentVersion = AgentVersion,
            Abilities = host.Drivers.Abilities,
            Address = machine.Address,
        };
    }

    private static async Task<HostInventory> ReadInventoryAsync(AgentHost host, CancellationToken ct)
    {
        var domains = await host.Drivers.Hypervisor.ReadAllAsync(ct);
        var pools = new List<PoolInventory>();
        foreach (var pool in host.Drivers.Pools.Pools.OrderBy(pool => pool.Id)) pools.Add(await pool.ReadAsync(ct));
        return new HostInventory
        {
            Domains = [.. domains.Select(domain => Stamped(host, domain.Report)).OrderBy(domain => domain.Id)],
            Networks = await host.Drivers.Fabric.ReadAllAsync(ct),
            Pools = pools,
            Jobs = [.. host.Drivers.Pools.Pools.SelectMany(pool => pool.Jobs).Order(StringComparer.Ordinal)],
        };
    }

    private static DomainReport Stamped(AgentHost host, DomainReport report)
    {
        var (subject, fence) = host.OwnerOf(report.Id);
        return report with { Subject = subject, Fence = fence };
    }
}
