using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Audit;

/// <summary>Asks every host for what it has: many at once, each within a time.</summary>
internal sealed class Inventories(CloudDb db, IServiceScopeFactory scopes)
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The answers of all hosts that were ever connected, in the order of their names.</summary>
    public async Task<IReadOnlyList<HostAnswer>> ReadAsync(CancellationToken ct)
    {
        var hosts = await (
            from host in db.Set<Host>()
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            select new { host.Id, host.Name }).ToListAsync(ct);
        var answers = new ConcurrentBag<HostAnswer>();
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(hosts, bounded, async (host, token) => answers.Add(await AskAsync(host.Id, host.Name, token)));
        return [.. answers.OrderBy(a => a.Name, StringComparer.Ordinal)];
    }

    private async Task<HostAnswer> AskAsync(Id<Host> id, string name, CancellationToken ct)
    {
        // A context serves one at a time.
        await using var scope = scopes.CreateAsyncScope();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            return new(id, name, await scope.ServiceProvider.GetRequiredService<Hosts>().ReadAsync(id, new ReadInventory(), limit.Token), "");
        }
        catch (Exception away) when (away is TransientException or CloudException)
        {
            return new(id, name, null, away.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(id, name, null, $"the agent did not answer within {Patience.TotalSeconds:0} s");
        }
    }
}

/// <summary>What a host said.</summary>
/// <param name="Id">The host.</param>
/// <param name="Name">Its name.</param>
/// <param name="Inventory">What it has; null when it could not be read.</param>
/// <param name="Error">Why it could not be read.</param>
internal sealed record HostAnswer(Id<Host> Id, string Name, HostInventory? Inventory, string Error)
{
    public Place Place => new(Name, Id.Value);
}
