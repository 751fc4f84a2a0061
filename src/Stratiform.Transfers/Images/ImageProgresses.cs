using Stratiform.Protocol;

namespace Stratiform.Transfers.Images;

/// <summary>The answers to asking for an image.</summary>
public static class ImageProgresses
{
    /// <summary>Ask again.</summary>
    public static ImageProgress Running(int percent) => new() { State = HostWorkState.Running, Percent = percent };

    /// <summary>It ended without an image.</summary>
    public static ImageProgress Failed(HostError error) => new() { State = HostWorkState.Failed, Error = error };

    /// <summary>It lies there whole.</summary>
    public static ImageProgress Done(long virtualBytes, long physicalBytes, string checksum) => new()
    {
        State = HostWorkState.Done,
        Percent = 100,
        VirtualSizeBytes = virtualBytes,
        PhysicalSizeBytes = physicalBytes,
        Checksum = checksum,
    };
}
