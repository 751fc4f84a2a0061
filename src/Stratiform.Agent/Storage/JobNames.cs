using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>Names of jobs on a host: the same for the same work, so that asking again finds it.</summary>
internal static class JobNames
{
    public static string Image(Guid poolId, Guid imageId) => $"image/{poolId}/{imageId}";
}

/// <summary>The answers to asking for an image.</summary>
internal static class ImageProgresses
{
    public static ImageProgress Running(int percent) => new() { State = HostWorkState.Running, Percent = percent };

    public static ImageProgress Failed(HostError error) => new() { State = HostWorkState.Failed, Error = error };

    public static ImageProgress Done(long virtualBytes, long physicalBytes, string checksum) => new()
    {
        State = HostWorkState.Done,
        Percent = 100,
        VirtualSizeBytes = virtualBytes,
        PhysicalSizeBytes = physicalBytes,
        Checksum = checksum,
    };
}
