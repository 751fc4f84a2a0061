using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Stratiform.Agent;

/// <summary>The machine as its kernel describes it.</summary>
/// <param name="hostId">The host's lasting UUID.</param>
/// <param name="managementDevice">The device that has the address on the management network.</param>
/// <param name="reservedMemoryMib">Memory that guests may not use.</param>
public sealed class LinuxMachine(Guid hostId, string managementDevice, long reservedMemoryMib) : IMachine
{
    /// <inheritdoc/>
    public Guid HostId => hostId;

    /// <inheritdoc/>
    public string Name => Environment.MachineName;

    /// <inheritdoc/>
    public string BootId { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();

    /// <inheritdoc/>
    public int Cpus => Environment.ProcessorCount;

    /// <inheritdoc/>
    public int CpuMhz { get; } = (int)double.Parse(Field("/proc/cpuinfo", "cpu MHz"), CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public long MemoryMib { get; } = Math.Max(0,
        long.Parse(Field("/proc/meminfo", "MemTotal").Split(' ')[0], CultureInfo.InvariantCulture) / 1024 - reservedMemoryMib);

    /// <inheritdoc/>
    public string Address => NetworkInterface.GetAllNetworkInterfaces()
        .Where(device => device.Name == managementDevice)
        .SelectMany(device => device.GetIPProperties().UnicastAddresses)
        .FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString() ?? "";

    private static string Field(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
