using System.Text.Json;
using System.Text.Json.Serialization;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Channels;

/// <summary>
/// What goes along the channel, written as <see cref="ProtocolJson"/> writes it, by code that was made as this program was built: what
/// reflection finds out at run time costs this small machine seconds of its boot. What a message leaves out is null here whatever its
/// record says: agents leave out nothing.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChannelRequest))]
[JsonSerializable(typeof(WorkerSetup))]
[JsonSerializable(typeof(WorkerReport))]
[JsonSerializable(typeof(EnsureImage))]
[JsonSerializable(typeof(ImageProgress))]
[JsonSerializable(typeof(EnsureNoImage))]
[JsonSerializable(typeof(Done))]
[JsonSerializable(typeof(StoreQuery))]
[JsonSerializable(typeof(StoreInventory))]
[JsonSerializable(typeof(HostError))]
[JsonSerializable(typeof(NothingMore))]
internal sealed partial class ChannelJson : JsonSerializerContext;
