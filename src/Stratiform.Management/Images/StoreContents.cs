using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>What lies in image stores, as a worker of each one's zone sees it: each is asked within a time.</summary>
public sealed class StoreContents(CloudDb db, Hosts hosts, IWorkers workers, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>What lies in each store, in the order of their names, or why nobody could look.</summary>
    public async Task<IReadOnlyList<StoreAnswer>> ReadAsync(CancellationToken ct)
    {
        var answers = new List<StoreAnswer>();
        foreach (var store in await db.Set<ImageStore>().AsNoTracking().OrderBy(s => s.Name).ToListAsync(ct)) answers.Add(await AskAsync(store, ct));
        return answers;
    }

    /// <summary>Notes how full a store is, unless no worker of its zone is at work; the caller saves.</summary>
    public async Task MeasureAsync(Id<ImageStore> id, CancellationToken ct)
    {
        var store = await db.Set<ImageStore>().SingleAsync(s => s.Id == id, ct);
        if (await workers.AnyAsync(store.ZoneId, ct) is not { } by) return;
        store.Measure((await hosts.ReadAsync(by.HostId, new ReadStore(by.WorkerId, store.Id.Value), ct)).Space);
    }

    private async Task<StoreAnswer> AskAsync(ImageStore store, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            if (await WorkerAsync(store, limit.Token) is not { } by) return new(store.Id, store.Name, null, "no secondary storage VM of its zone runs");
            return new(store.Id, store.Name, await hosts.ReadAsync(by.HostId, new ReadStore(by.WorkerId, store.Id.Value), limit.Token), "");
        }
        catch (Exception away) when (away is TransientException or CloudException)
        {
            return new(store.Id, store.Name, null, away.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(store.Id, store.Name, null, $"nobody answered within {Patience.TotalSeconds:0} s");
        }
    }

    // One that is being told of its stores is ready in a moment.
    private async Task<WorkerSeat?> WorkerAsync(ImageStore store, CancellationToken ct)
    {
        while (await workers.AnyRunsAsync(store.ZoneId, ct))
        {
            if (await workers.AnyAsync(store.ZoneId, ct) is { } by) return by;
            await Task.Delay(Pause, clock, ct);
        }
        return null;
    }
}

/// <summary>What a worker said of a store.</summary>
/// <param name="Id">The store.</param>
/// <param name="Name">Its name.</param>
/// <param name="Content">What it has; null when it could not be read.</param>
/// <param name="Error">Why it could not be read.</param>
public sealed record StoreAnswer(Id<ImageStore> Id, string Name, StoreInventory? Content, string Error);
