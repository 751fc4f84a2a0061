namespace Stratiform.Agent;

/// <summary>The machine that the agent runs on.</summary>
public interface IMachine
{
    /// <summary>Its own lasting UUID.</summary>
    Guid HostId { get; }

    /// <summary>Its host name.</summary>
    string Name { get; }

    /// <summary>Changes with every boot.</summary>
    string BootId { get; }

    /// <summary>Processors that guests may use.</summary>
    int Cpus { get; }

    /// <summary>Nominal speed of one processor, MHz.</summary>
    int CpuMhz { get; }

    /// <summary>Memory that guests may use, MiB.</summary>
    long MemoryMib { get; }

    /// <summary>The address on the management network, or empty.</summary>
    string Address { get; }
}
