using System.Text.Json.Nodes;
using Stratiform.Management.Database;

namespace Stratiform.Management.Jobs;

/// <summary>
/// Secrets in what a job has to show (a new password): the database holds them wrapped by the master key, whoever may see the
/// job's result reads them.
/// </summary>
internal static class JobSecrets
{
    private const string Wrapped = "wrapped";

    /// <summary>A result of one secret field.</summary>
    public static string Result(string name, byte[] wrapped) =>
        new JsonObject { [name] = new JsonObject { [Wrapped] = Convert.ToBase64String(wrapped) } }.ToJsonString();

    /// <summary>The value as the caller reads it.</summary>
    public static JsonNode? Open(JsonNode? value, Secrets secrets) => value is JsonObject { Count: 1 } only && only[Wrapped] is { } text
        ? JsonValue.Create(secrets.UnwrapText(Convert.FromBase64String(text.GetValue<string>())))
        : value?.DeepClone();
}
