using Stratiform.Agent.Fencing;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>Messages about pools, images and volumes.</summary>
internal static class StorageMessages
{
    public static void List(MessageTable on)
    {
        ListPools(on);
        on.Ensure((EnsureImage ensure) => Thing.Image(ensure.PoolId, ensure.ImageId), (host, ensure, ct) =>
            host.Drivers.Pools.Require(ensure.PoolId).EnsureImageAsync(ensure, ct));

        on.Ensure((EnsureImageFromStore ensure) => Thing.Image(ensure.Image.PoolId, ensure.Image.ImageId), (host, ensure, ct) =>
            host.Drivers.Pools.Require(ensure.Image.PoolId).EnsureImageFromStoreAsync(ensure.Image, ct));

        on.EnsureNo((EnsureNoImage ensure) => Thing.Image(ensure.PoolId, ensure.ImageId), async (host, ensure, ct) =>
        {
            var iso = new ImageOnPool(ensure.PoolId, ensure.ImageId);
            if ((await host.Drivers.Hypervisor.ReadAllAsync(ct)).FirstOrDefault(domain => domain.Holds(iso)) is { } holder)
                throw new HostException(HostErrorCode.Failed, $"The image {ensure.ImageId} is in the drive of {holder.Spec.Name}.");
            await host.Drivers.Pools.Require(ensure.PoolId).EnsureNoImageAsync(ensure.ImageId, ct);
        });

        on.Ensure((EnsureVolume ensure) => Thing.Volume(ensure.PoolId, ensure.VolumeId), EnsureVolumeAsync);

        on.EnsureNo((EnsureNoVolume ensure) => Thing.Volume(ensure.PoolId, ensure.VolumeId), async (host, ensure, ct) =>
        {
            if (await UserOfAsync(host, ensure.VolumeId, ct) is { } user)
                throw new HostException(HostErrorCode.Failed, $"The domain {user} uses the volume {ensure.VolumeId}.");
            await host.Drivers.Pools.Require(ensure.PoolId).EnsureNoVolumeAsync(ensure.VolumeId, ct);
        });

        on.Ensure((EnsureVolumeSent ensure) => Thing.Volume(ensure.PoolId, ensure.VolumeId), EnsureVolumeSentAsync);

        on.EnsureNo((EnsureNoVolumeSent ensure) => Thing.Volume(ensure.PoolId, ensure.VolumeId), (host, ensure, ct) =>
            host.Drivers.Pools.Require(ensure.PoolId).EnsureNoVolumeSentAsync(ensure.VolumeId, ct));
    }

    private static void ListPools(MessageTable on)
    {
        on.Ensure((EnsurePool ensure) => Thing.Pool(ensure.PoolId), async (host, ensure, ct) =>
            await (await host.Drivers.Pools.EnsureAsync(ensure.PoolId, ensure.Path, ct)).ReadSpaceAsync(ct));

        on.EnsureNo((EnsureNoPool ensure) => Thing.Pool(ensure.PoolId), (host, ensure, ct) =>
            host.Drivers.Pools.EnsureAbsentAsync(ensure.PoolId, ct));

        on.Read((AgentHost host, ReadPool read, CancellationToken ct) => host.Drivers.Pools.Require(read.PoolId).ReadAsync(ct));
    }

    private static async Task<VolumeReport> EnsureVolumeAsync(AgentHost host, EnsureVolume ensure, CancellationToken ct)
    {
        if (ensure.SizeBytes is <= 0 or > 1L << 50)
            throw new HostException(HostErrorCode.Invalid, $"{ensure.SizeBytes} bytes is no size for the volume {ensure.VolumeId}.");
        var inUse = await UserOfAsync(host, ensure.VolumeId, ct) is not null;
        return await host.Drivers.Pools.Require(ensure.PoolId).EnsureVolumeAsync(ensure, inUse, ct);
    }

    private static async Task<SendProgress> EnsureVolumeSentAsync(AgentHost host, EnsureVolumeSent ensure, CancellationToken ct)
    {
        if (!Uri.TryCreate(ensure.Url, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp)
            throw new HostException(HostErrorCode.Invalid, "A volume is sent to an http: URL.");
        if (await UserOfAsync(host, ensure.VolumeId, ct) is { } user)
            throw new HostException(HostErrorCode.Failed, $"The domain {user} uses the volume {ensure.VolumeId}: what it writes would be sent by halves.");
        return await host.Drivers.Pools.Require(ensure.PoolId).EnsureVolumeSentAsync(ensure, ct);
    }

    private static async Task<string?> UserOfAsync(AgentHost host, Guid volumeId, CancellationToken ct) =>
        (await host.Drivers.Hypervisor.ReadAllAsync(ct)).FirstOrDefault(domain => domain.Uses(volumeId))?.Spec.Name;
}
