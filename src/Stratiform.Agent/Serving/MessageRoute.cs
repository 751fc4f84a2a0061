using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stratiform.Agent.Fencing;
using Stratiform.Protocol;

namespace Stratiform.Agent.Serving;

/// <summary>How one kind of message is read, obeyed and answered.</summary>
internal abstract class MessageRoute(Type message, Type answer)
{
    private readonly JsonTypeInfo _message = ProtocolJson.Options.GetTypeInfo(message);

    public Type Message { get; } = message;

    public JsonTypeInfo Answer { get; } = ProtocolJson.Options.GetTypeInfo(answer);

    public abstract bool IsFenced { get; }

    /// <summary>Reads the message, or throws <see cref="HostErrorCode.Invalid"/>.</summary>
    public async Task<object> ReadAsync(PipeReader body, CancellationToken ct)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(body, _message, ct)
                ?? throw new HostException(HostErrorCode.Invalid, $"{Message.Name} must not be null.");
        }
        catch (JsonException error)
        {
            throw new HostException(HostErrorCode.Invalid, $"{Message.Name} cannot be read: {error.Message}");
        }
    }

    public abstract Task<object> ObeyAsync(AgentHost host, object message, Order order, CancellationToken ct);
}

/// <summary>A message that changes nothing.</summary>
internal sealed class ReadRoute<TMessage, TAnswer>(Func<AgentHost, TMessage, CancellationToken, Task<TAnswer>> answer)
    : MessageRoute(typeof(TMessage), typeof(TAnswer)) where TMessage : class where TAnswer : class
{
    public override bool IsFenced => false;

    public override async Task<object> ObeyAsync(AgentHost host, object message, Order order, CancellationToken ct) =>
        await answer(host, (TMessage)message, ct);
}

/// <summary>A message that acts on a thing of one subject, under that subject's fence.</summary>
internal sealed class EnsureRoute<TMessage, TAnswer>(
    Func<TMessage, Thing> thing, Func<AgentHost, TMessage, CancellationToken, Task<TAnswer>> obey, bool releases)
    : MessageRoute(typeof(TMessage), typeof(TAnswer)) where TMessage : class where TAnswer : class
{
    public override bool IsFenced => true;

    public override async Task<object> ObeyAsync(AgentHost host, object message, Order order, CancellationToken ct)
    {
        if (order.IsOfLeftover && !releases) throw new HostException(HostErrorCode.Invalid, $"{Message.Name} makes something, and {order.Subject} is a leftover.");
        var target = thing((TMessage)message);
        var answer = await host.Gate.EnterAsync(order, target, async token =>
        {
            var answer = await obey(host, (TMessage)message, token);
            if (releases) await host.Fences.ReleaseAsync(target, token);
            return answer;
        }, ct);
        host.Observer.Nudge();
        return answer;
    }
}
