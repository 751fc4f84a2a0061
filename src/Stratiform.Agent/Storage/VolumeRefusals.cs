using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>What every kind of pool says when a volume cannot be as it is told.</summary>
internal static class VolumeRefusals
{
    public static HostException InUse(EnsureVolume volume) =>
        new(HostErrorCode.Failed, $"A domain uses the volume {volume.VolumeId}: it cannot grow now.");

    public static HostException OtherOrigin(EnsureVolume volume) =>
        new(HostErrorCode.Invalid, $"The volume {volume.VolumeId} is there already, with another origin.");
}
