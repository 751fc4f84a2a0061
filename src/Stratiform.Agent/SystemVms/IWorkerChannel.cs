using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// Passes messages to the program inside a worker. Every call but <see cref="ReadAsync"/> refuses by <see cref="HostErrorCode.Busy"/>
/// while the worker does not run here, does not answer or has not been told of the store: it may soon, and others can do its work.
/// What the program refuses comes back with its code and text.
/// </summary>
[Ability("workers")]
public interface IWorkerChannel
{
    /// <summary>The worker is set up like this.</summary>
    Task<WorkerReport> EnsureAsync(EnsureWorker worker, CancellationToken ct);

    /// <summary>What the worker does; one that does not answer (yet) says so.</summary>
    Task<WorkerReport> ReadAsync(Guid workerId, CancellationToken ct);

    /// <summary>The image lies in the store, or the worker is bringing it there.</summary>
    Task<ImageProgress> EnsureImageAsync(EnsureImageInStore order, CancellationToken ct);

    /// <summary>The store has nothing of the image.</summary>
    Task EnsureNoImageAsync(EnsureNoImageInStore order, CancellationToken ct);

    /// <summary>Space and content of a store.</summary>
    Task<StoreInventory> ReadStoreAsync(ReadStore question, CancellationToken ct);
}
