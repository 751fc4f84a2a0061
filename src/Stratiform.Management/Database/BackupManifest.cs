using System.Text.Json;

namespace Stratiform.Management.Database;

/// <summary>What a backup says of itself; its first entry, <c>manifest.json</c>.</summary>
/// <param name="Format">The form of the file; raised when an older server could not read it.</param>
/// <param name="Version">The server that wrote it.</param>
/// <param name="Schema">The last migration of the database that was backed up.</param>
/// <param name="Time">When it was begun.</param>
/// <param name="KeyId">The master key of its secrets; null when no server had started yet.</param>
/// <param name="Files">SHA-256 of each further entry, in lower-case hexadecimal.</param>
internal sealed record BackupManifest(
    int Format, string Version, string Schema, DateTimeOffset Time, string? KeyId, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>The form that this server writes.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The entry of the manifest.</summary>
    public const string Entry = "manifest.json";

    /// <summary>The entry of the database.</summary>
    public const string Database = "database.dump";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">It is no manifest.</exception>
    public static BackupManifest Read(Stream text) => JsonSerializer.Deserialize<BackupManifest>(text, Json) ?? throw new JsonException();
}
