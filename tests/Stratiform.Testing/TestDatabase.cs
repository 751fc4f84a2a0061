using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Stratiform.Management.Database;

namespace Stratiform.Testing;

/// <summary>
/// An empty, migrated database of one test class, on real PostgreSQL:
/// <code>public sealed class MyTests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;
/// … await using var db = database.Open();</code>
/// The schema is made once per model, as a template; a copy of it takes some 50 ms and is dropped after the class. Tests
/// of one class share it, so each makes its own rows. For a context of your own: <see cref="TestDatabase{TContext}"/>.
/// </summary>
public sealed class TestDatabase : TestDatabase<CloudDb>;

/// <summary>An empty database with the schema of a context, which takes its <see cref="DbContextOptions{T}"/> and nothing else.</summary>
/// <typeparam name="TContext">The context.</typeparam>
public class TestDatabase<TContext> : IAsyncLifetime where TContext : DbContext
{
    private static int count;
    private string administration = "";
    private string name = "";
    private NpgsqlDataSource? source;

    /// <summary>Its connection string, for a server under test. Contexts of one process that come by it share their model and compiled queries, as by data sources they would not.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Connections to it.</summary>
    public NpgsqlDataSource DataSource => source
        ?? throw new InvalidOperationException("Make it a class fixture, or await InitializeAsync.");

    /// <summary>A new context; the caller disposes it.</summary>
    public TContext Open() => Template<TContext>.Open(builder => builder.UseNpgsql(ConnectionString));

    /// <summary>Ends the connections that nobody uses.</summary>
    public void CloseIdle()
    {
        DataSource.Clear();
        using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        administration = await TestCluster.ConnectionStringAsync();
        var template = await Template<TContext>.Name.Value;
        name = string.Create(
            CultureInfo.InvariantCulture,
            $"test_{Environment.ProcessId}_{typeof(TContext).Name.ToLowerInvariant()}_{Interlocked.Increment(ref count)}");
        await Sql.RunAsync(administration, $"DROP DATABASE IF EXISTS {name}");
        await Sql.RunAsync(administration, $"CREATE DATABASE {name} TEMPLATE {template}");
        ConnectionString = new NpgsqlConnectionStringBuilder(administration) { Database = name, MaxPoolSize = 20 }.ConnectionString;
        source = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (source is null) return;
        CloseIdle();
        await source.DisposeAsync();
        await Sql.RunAsync(administration, $"DROP DATABASE {name} WITH (FORCE)");
    }
}
