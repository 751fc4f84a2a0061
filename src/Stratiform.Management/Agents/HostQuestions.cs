using System.Collections.Concurrent;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Agents;

/// <summary>Asks many hosts, several at once. One that does not answer says nothing.</summary>
public sealed class HostQuestions(IServiceScopeFactory scopes)
{
    private const int AtOnce = 16;

    /// <summary>The answers of those that answered.</summary>
    /// <param name="things">What is asked about.</param>
    /// <param name="hostOf">Who is asked about it.</param>
    /// <param name="question">What is asked about it.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<IReadOnlyDictionary<TThing, TAnswer>> AskAsync<TThing, TAnswer>(
        IEnumerable<TThing> things, Func<TThing, Id<Host>> hostOf, Func<TThing, IHostMessage<TAnswer>> question, CancellationToken ct)
        where TThing : notnull
        where TAnswer : class
    {
        var answers = new ConcurrentDictionary<TThing, TAnswer>();
        var bounded = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct };
        await Parallel.ForEachAsync(things, bounded, async (thing, token) =>
        {
            if (await AskAsync(hostOf(thing), question(thing), token) is { } answer) answers[thing] = answer;
        });
        return answers;
    }

    private async Task<TAnswer?> AskAsync<TAnswer>(Id<Host> host, IHostMessage<TAnswer> question, CancellationToken ct) where TAnswer : class
    {
        // A context serves one at a time.
        await using var scope = scopes.CreateAsyncScope();
        try
        {
            return await scope.ServiceProvider.GetRequiredService<Hosts>().ReadAsync(host, question, ct);
        }
        catch (Exception away) when (away is TransientException or CloudException)
        {
            return null;
        }
    }
}
