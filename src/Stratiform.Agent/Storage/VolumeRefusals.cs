using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>What every kind of pool says when a volume cannot be as it is told.</summary>
internal static class VolumeRefusals
{
    public static HostException InUse(EnsureVolume volume) =>
        new(HostErrorCode.Failed, $"A domain uses the volume {volume.VolumeId}: it cannot grow now.");

    public static HostException OtherOrigin(EnsureVolume volume) =>
        new(HostErrorCode.Invalid, $"The volume {volume.VolumeId} is there already, with another origin.");

    public static HostException NotThere(Guid pool, Guid volume) =>
        new(HostErrorCode.NotFound, $"The volume {volume} is not on the pool {pool}.");

    public static HostError NoRoomToSend(Guid pool, Guid volume) =>
        new(HostErrorCode.NoSpace, $"The pool {pool} has no room for the image that is made of the volume {volume} to send it.");
}
