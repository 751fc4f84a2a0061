using Npgsql;

namespace Stratiform.Testing;

/// <summary>Statements about databases as such, each on a connection of its own.</summary>
internal static class Sql
{
    /// <summary>Runs one statement; null or the first column of the first row.</summary>
    public static async Task<object?> RunAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
        return await command.ExecuteScalarAsync();
    }
}
