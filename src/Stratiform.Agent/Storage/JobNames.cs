namespace Stratiform.Agent.Storage;

/// <summary>Names of jobs on a host: the same for the same work, so that asking again finds it.</summary>
internal static class JobNames
{
    public static string Image(Guid poolId, Guid imageId) => $"image/{poolId}/{imageId}";

    public static string Sending(Guid poolId, Guid volumeId) => $"send/{poolId}/{volumeId}";
}
