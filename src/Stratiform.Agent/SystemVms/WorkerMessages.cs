using Stratiform.Agent.Fencing;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Messages about workers and the stores that they work for.</summary>
internal static class WorkerMessages
{
    public static void List(MessageTable on)
    {
        on.Ensure((EnsureWorker ensure) => Thing.Worker(ensure.WorkerId), (host, ensure, ct) =>
        {
            WorkerChecks.Check(ensure.Setup);
            return host.Drivers.Workers.EnsureAsync(ensure, ct);
        });

        on.Read((AgentHost host, ReadWorker read, CancellationToken ct) => host.Drivers.Workers.ReadAsync(read.WorkerId, ct));

        on.Ensure((EnsureImageInStore ensure) => Thing.Image(ensure.Image.PoolId, ensure.Image.ImageId), (host, ensure, ct) =>
        {
            WorkerChecks.Check(ensure.Image);
            return host.Drivers.Workers.EnsureImageAsync(ensure, ct);
        });

        on.EnsureNo((EnsureNoImageInStore ensure) => Thing.Image(ensure.StoreId, ensure.ImageId), (host, ensure, ct) =>
            host.Drivers.Workers.EnsureNoImageAsync(ensure, ct));

        on.Read((AgentHost host, ReadStore read, CancellationToken ct) => host.Drivers.Workers.ReadStoreAsync(read, ct));
    }
}
