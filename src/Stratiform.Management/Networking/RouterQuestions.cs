using System.Collections.Concurrent;
using Stratiform.Management.Agents;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>Asks many routers the same at once. Those whose hosts do not answer are left out: that says nothing of them.</summary>
public sealed class RouterQuestions(IServiceScopeFactory scopes)
{
    private const int AtOnce = 16;

    /// <summary>The answers that came, by router; the routers run.</summary>
    public async Task<IReadOnlyDictionary<Id<Router>, TAnswer>> AskAsync<TAnswer>(
        IReadOnlyCollection<Router> running, Func<Router, IHostMessage<TAnswer>> question, CancellationToken ct) where TAnswer : class
    {
        var answers = new ConcurrentDictionary<Id<Router>, TAnswer>();
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(running, bounded, async (router, token) =>
        {
            if (await AskOneAsync(router, question(router), token) is { } answer) answers[router.Id] = answer;
        });
        return answers;
    }

    private async Task<TAnswer?> AskOneAsync<TAnswer>(Router router, IHostMessage<TAnswer> question, CancellationToken ct) where TAnswer : class
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
