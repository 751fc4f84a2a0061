namespace Stratiform.Agent;

/// <summary>A machine that is only told about.</summary>
public sealed class FakeMachine(Guid hostId, string name) : IMachine
{
    private int _boots = 1;

    /// <inheritdoc/>
    public Guid HostId => hostId;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string BootId => $"{hostId}.{Volatile.Read(ref _boots)}";

    /// <inheritdoc/>
    public int Cpus { get; init; } = 32;

    /// <inheritdoc/>
    public int CpuMhz { get; init; } = 2400;

    /// <inheritdoc/>
    public long MemoryMib { get; init; } = 131_072;

    /// <inheritdoc/>
    public string Address { get; init; } = "";

    /// <summary>It boots again.</summary>
    public void Boot() => Interlocked.Increment(ref _boots);
}
