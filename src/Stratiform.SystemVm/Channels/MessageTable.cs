using System.Collections.Frozen;
using System.Text.Json;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Channels;

/// <summary>What the agent may ask of this worker.</summary>
internal sealed class MessageTable
{
    private readonly FrozenDictionary<string, Func<JsonElement, CancellationToken, Task<object>>> _all;

    public MessageTable(Worker worker) => _all = new Dictionary<string, Func<JsonElement, CancellationToken, Task<object>>>
    {
        [nameof(EnsureWorker)] = On<WorkerSetup>(async (setup, ct) => await worker.EnsureAsync(setup, ct)),
        [nameof(ReadWorker)] = On<NothingMore>((_, _) => Task.FromResult<object>(worker.Read())),
        [nameof(EnsureImage)] = On<EnsureImage>(async (image, ct) => await worker.EnsureImageAsync(image, ct)),
        [nameof(EnsureNoImage)] = On<EnsureNoImage>(async (image, ct) => await worker.EnsureNoImageAsync(image, ct)),
        [nameof(ReadStore)] = On<StoreQuery>(async (query, ct) => await worker.ReadStoreAsync(query.StoreId, ct)),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Does what a message says and returns the answer.</summary>
    /// <exception cref="HostException">It is not done.</exception>
    /// <exception cref="JsonException">The body is not that of the message.</exception>
    public Task<object> ObeyAsync(string message, JsonElement body, CancellationToken ct) => _all.TryGetValue(message, out var obey)
        ? obey(body, ct)
        : throw new HostException(HostErrorCode.Unsupported, $"This worker does not know the message {message}.");

    private static Func<JsonElement, CancellationToken, Task<object>> On<T>(Func<T, CancellationToken, Task<object>> obey) => (body, ct) =>
        obey((body.ValueKind == JsonValueKind.Object ? body.Deserialize<T>(ChannelJson.Default.Options) : default)
            ?? throw new HostException(HostErrorCode.Invalid, "The message has no body."), ct);
}

/// <summary>Body of a question that needs none.</summary>
internal sealed record NothingMore;

/// <summary>Body of a question about a store.</summary>
internal sealed record StoreQuery(Guid StoreId);
