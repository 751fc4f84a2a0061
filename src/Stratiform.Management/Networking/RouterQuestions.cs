using System.Collections.Concurrent;
using Stratiform.Management.Agents;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Asks many routers the same, several at once. A host that does not answer says nothing of its routers.</summary>
public sealed class RouterQuestions(IServiceScopeFactory scopes)
{
    private const int AtOnce = 16;

    /// <summary>The answers of those whose hosts answered.</summary>
    public async Task<IReadOnlyDictionary<Id<Router>, TAnswer>> AskAsync<TAnswer>(
        IEnumerable<Router> routers, Func<Router, IHostMessage<TAnswer>> question, CancellationToken ct)
        where TAnswer : class
    {
        var answers = new ConcurrentDictionary<Id<Router>, TAnswer>();
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(routers, bounded, async (router, token) =>
        {
            if (await AskAsync(router, question(router), token) is { } answer) answers[router.Id] = answer;
        });
        return answers;
    }

    private async Task<TAnswer?> AskAsync<TAnswer>(Router router, IHostMessage<TAnswer> question, CancellationToken ct) where TAnswer : class
    {
        // A context serves one at a time.
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<Hosts>().ReadAsync(router.HostId!.Value, question, ct);
        }
        catch (Exception away) when (away is TransientException or CloudException)
        {
            return null;
        }
    }
}
