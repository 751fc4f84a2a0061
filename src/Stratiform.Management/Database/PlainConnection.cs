using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Stratiform.Management.Database;

/// <summary>Connections for what happens while no server serves: outside the pool, so none lingers when it is done.</summary>
internal static class PlainConnection
{
    private const long SchemaLock = 0x5374_7261_7461;

    /// <summary>An open connection.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(Unpooled(connectionString));
        await connection.OpenAsync(ct);
        return connection;
    }

    /// <summary>A connection that keeps the schema to itself, or keeps it from changing, until it is closed.</summary>
    public static async Task<NpgsqlConnection> LockSchemaAsync(string connectionString, bool toChangeIt, CancellationToken ct)
    {
        var connection = await OpenAsync(connectionString, ct);
        var take = toChangeIt ? "pg_advisory_lock" : "pg_advisory_lock_shared";
        await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT {take}({SchemaLock})"), ct);
        return connection;
    }

    /// <summary>Runs one statement, however long it takes.</summary>
    public static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>A context whose statements may take their time.</summary>
    public static CloudDb Context(string connectionString) =>
        new(new DbContextOptionsBuilder<CloudDb>().UseNpgsql(Unpooled(connectionString), o => o.CommandTimeout(0)).Options);

    private static string Unpooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
}
