using System.Collections.Frozen;
using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Networking;
using Stratiform.Agent.Storage;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Serving;

/// <summary>
/// Every message that an agent obeys, by its name on the wire. A new message is one entry in its family's list; whether it is
/// fenced follows from its type.
/// </summary>
internal sealed class MessageTable
{
    private readonly Dictionary<string, MessageRoute> _routes = new(StringComparer.Ordinal);

    public static FrozenDictionary<string, MessageRoute> All { get; } = Build();

    /// <summary>A message that changes nothing.</summary>
    public void Read<TMessage, TAnswer>(Func<AgentHost, TMessage, CancellationToken, Task<TAnswer>> answer)
        where TMessage : class, IHostMessage<TAnswer> where TAnswer : class => Add(new ReadRoute<TMessage, TAnswer>(answer));

    /// <summary>A message that makes or keeps <paramref name="thing"/>.</summary>
    public void Ensure<TMessage, TAnswer>(
        Func<TMessage, Thing> thing, Func<AgentHost, TMessage, CancellationToken, Task<TAnswer>> obey)
        where TMessage : class, IEnsure<TAnswer> where TAnswer : class => Add(new EnsureRoute<TMessage, TAnswer>(thing, obey, false));

    /// <summary>A message after which <paramref name="thing"/> is gone and belongs to nobody.</summary>
    public void EnsureNo<TMessage>(Func<TMessage, Thing> thing, Func<AgentHost, TMessage, CancellationToken, Task> obey)
        where TMessage : class, IEnsure<Done> => Add(new EnsureRoute<TMessage, Done>(thing, async (host, message, ct) =>
        {
            await obey(host, message, ct);
            return Done.Instance;
        }, true));

    private void Add(MessageRoute route) => _routes.Add(route.Message.Name, route);

    private static FrozenDictionary<string, MessageRoute> Build()
    {
        var table = new MessageTable();
        HostMessages.List(table);
        DomainMessages.List(table);
        StorageMessages.List(table);
        NetworkMessages.List(table);
        RouterMessages.List(table);
        WorkerMessages.List(table);
        return table._routes.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
