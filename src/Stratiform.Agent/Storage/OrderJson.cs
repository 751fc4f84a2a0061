using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stratiform.Agent.Storage;

/// <summary>What processes of their own are told, written by generated code: reflection would take longer than a small copy does.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FetchOrder))]
[JsonSerializable(typeof(SendOrder))]
internal sealed partial class OrderJson : JsonSerializerContext;
