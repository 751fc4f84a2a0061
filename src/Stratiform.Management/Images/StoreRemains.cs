using Stratiform.Management.Agents;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>What attempts left in a store, for the undos of those who brought it.</summary>
internal static class StoreRemains
{
    // Fewer than an undo has before it waits for an operator.
    private const int Tries = 5;

    /// <summary>Has a worker remove it.</summary>
    /// <param name="hosts">The way to the worker.</param>
    /// <param name="row">The workflow that undoes.</param>
    /// <param name="subject">The copy of the image.</param>
    /// <param name="store">The store.</param>
    /// <param name="objects">Names in the store.</param>
    /// <param name="by">The worker; null when there is none.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>False when the store does not let it go for now: the copy's row is to stay, and ImageGc comes back to it.</returns>
    public static async Task<bool> TryRemoveAsync(
        this Hosts hosts, WorkflowRow row, Subject subject, Id<ImageStore> store, IEnumerable<Guid> objects, WorkerSeat? by, CancellationToken ct)
    {
        if (by is null) return false;
        try
        {
            foreach (var left in objects) await hosts.EnsureAsync(by.HostId, subject, new EnsureNoImageInStore(by.WorkerId, store.Value, left), ct);
            return true;
        }
        catch (TransientException) when (row.Attempt + 1 >= Tries)
        {
            return false;
        }
    }
}
