using System.Text.Json;
using Stratiform.Agent.Networking;

namespace Stratiform.Agent;

/// <summary>What an operator tells an agent, a JSON file.</summary>
public sealed record AgentConfig
{
    /// <summary>Where it listens: <c>unix:/path</c>, <c>https://address:port</c> or <c>http://127.0.0.1:port</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>The folder of what must survive restarts.</summary>
    public required string State { get; init; }

    /// <summary>The host's lasting UUID.</summary>
    public required Guid HostId { get; init; }

    /// <summary>libvirt's URI.</summary>
    public string Libvirt { get; init; } = "qemu:///system";

    /// <summary>The folder of system-VM images.</summary>
    public required string Images { get; init; }

    /// <summary>The folder of the sockets of programs inside system VMs; at most 60 bytes.</summary>
    public string Channels { get; init; } = "/run/libvirt/stratiform";

    /// <summary>The device of each traffic type.</summary>
    public required TrafficDevices Traffic { get; init; }

    /// <summary>Memory that guests may not use, MiB.</summary>
    public long ReservedMemoryMib { get; init; }

    /// <summary>Whether processors are weighed by cgroups; false where libvirt has none.</summary>
    public bool CpuShares { get; init; }

    /// <summary>Reads the file named by <c>--config FILE</c>.</summary>
    public static AgentConfig Read(ReadOnlySpan<string> args)
    {
        if (args is not ["--config", var path]) throw new ArgumentException("Usage: Stratiform.Agent [join] --config FILE");
        return JsonSerializer.Deserialize<AgentConfig>(File.ReadAllText(path), Protocol.ProtocolJson.Options)
            ?? throw new InvalidDataException($"{path} is empty.");
    }
}
