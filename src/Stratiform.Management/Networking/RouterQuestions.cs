using Stratiform.Management.Agents;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>Asks many routers the same, several at once. A host that does not answer says nothing of its routers.</summary>
public sealed class RouterQuestions(HostQuestions hosts)
{
    /// <summary>The answers of those whose hosts answered.</summary>
    public async Task<IReadOnlyDictionary<Id<Router>, TAnswer>> AskAsync<TAnswer>(
        IEnumerable<Router> routers, Func<Router, IHostMessage<TAnswer>> question, CancellationToken ct)
        where TAnswer : class
    {
        var answers = await hosts.AskAsync(routers, router => router.HostId!.Value, question, ct);
        return answers.ToDictionary(a => a.Key.Id, a => a.Value);
    }
}
