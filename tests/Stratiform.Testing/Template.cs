using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Stratiform.Testing;

/// <summary>The database that the test databases of one context are copied from; made once per model, by whoever comes first.</summary>
internal static class Template<TContext> where TContext : DbContext
{
    private const string CleanUp = """
        SELECT datname FROM pg_database
        WHERE datname LIKE 'template\_%\_%' AND (pg_stat_file('base/' || oid || '/PG_VERSION')).modification < now() - interval '1 day'
        """;

    /// <summary>Its name.</summary>
    public static Lazy<Task<string>> Name { get; } = new(EnsureAsync);

    /// <summary>A context with the options that <paramref name="configure"/> sets.</summary>
    public static TContext Open(Action<DbContextOptionsBuilder> configure)
    {
        var builder = new DbContextOptionsBuilder<TContext>();
        configure(builder);
        return (TContext)Activator.CreateInstance(typeof(TContext), builder.Options)!;
    }

    private static async Task<string> EnsureAsync()
    {
        var administration = await TestCluster.ConnectionStringAsync();
        var name = NameOfModel(administration);
        await using var connection = new NpgsqlConnection(administration);
        await connection.OpenAsync();
        await RunAsync(connection, "SELECT pg_advisory_lock(hashtext('templates'))");
        if (await RunAsync(connection, $"SELECT 1 FROM pg_database WHERE datname = '{name}'") is null) await MakeAsync(connection, name);
        await RunAsync(connection, "SELECT pg_advisory_unlock(hashtext('templates'))");
        return name;
    }

    private static async Task MakeAsync(NpgsqlConnection connection, string name)
    {
        await DropLeftOversAsync(connection);
        await RunAsync(connection, $"DROP DATABASE IF EXISTS unfinished_{name}");
        await RunAsync(connection, $"CREATE DATABASE unfinished_{name}");
        var target = new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = $"unfinished_{name}", Pooling = false };
        await using (var context = Open(builder => builder.UseNpgsql(target.ConnectionString)))
        {
            // Migrations are what servers run; while the model is ahead of them, its own script stands in.
            if (context.Database.GetMigrations().Any() && !context.Database.HasPendingModelChanges()) await context.Database.MigrateAsync();
            else await context.Database.EnsureCreatedAsync();
        }
        await RunAsync(connection, $"ALTER DATABASE unfinished_{name} RENAME TO {name}");
    }

    private static string NameOfModel(string connectionString)
    {
        using var context = Open(builder => builder.UseNpgsql(connectionString));
        var text = context.Database.GenerateCreateScript() + string.Join(' ', context.Database.GetMigrations());
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
        return $"template_{typeof(TContext).Name.ToLowerInvariant()}_{hash}";
    }

    /// <summary>Databases of test processes that were killed, and templates of models long gone.</summary>
    private static async Task DropLeftOversAsync(NpgsqlConnection connection)
    {
        var names = (await NamesAsync(connection, CleanUp))
            .Concat((await NamesAsync(connection, @"SELECT datname FROM pg_database WHERE datname LIKE 'test\_%'")).Where(IsOfTheDead));
        foreach (var name in names.ToList()) await RunAsync(connection, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private static bool IsOfTheDead(string test) =>
        int.TryParse(test.Split('_')[1], CultureInfo.InvariantCulture, out var process)
        && !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}"));

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, string query)
    {
        await using var command = new NpgsqlCommand(query, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> names = [];
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
        return await command.ExecuteScalarAsync();
    }
}
