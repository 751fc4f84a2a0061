using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Stratiform.Management.Database;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class MigratorTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();
    private readonly TestDatabase<EmptyDb> database = new();

    public Task InitializeAsync() => database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_empty_database_gets_the_schema_without_a_backup()
    {
        (await MigrateAsync()).ShouldBeGreaterThan(0);
        folder.GetFiles().ShouldBeEmpty();
        (await MigrateAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Servers_that_start_at_once_migrate_once()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => MigrateAsync()));
        applied.Count(n => n > 0).ShouldBe(1);
    }

    [Fact]
    public async Task A_newer_database_is_refused()
    {
        await MigrateAsync();
        await ExecuteAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')");
        var refusal = await Should.ThrowAsync<OperatorException>(MigrateAsync);
        refusal.Message.ShouldContain("newer than this server");
        refusal.Message.ShouldContain("29990101000000_FromTheFuture");
    }

    [Fact]
    public async Task Somebody_elses_database_is_refused()
    {
        await ExecuteAsync("CREATE TABLE wiki (page text)");
        (await Should.ThrowAsync<OperatorException>(MigrateAsync)).Message.ShouldContain("wiki");
    }

    [Fact]
    public async Task A_database_with_content_is_backed_up_before_it_changes()
    {
        await using (var db = Predecessor(database.ConnectionString))
            await db.GetService<IMigrator>().MigrateAsync("20200101000000_First");

        (await MigrateAsync(Predecessor)).ShouldBe(1);
        folder.GetFiles().ShouldHaveSingleItem().Name.ShouldBe("20300101T000000Z-20200101000000_First.tar");
    }

    private Task<int> MigrateAsync() => MigrateAsync(PlainConnection.Context);

    private Task<int> MigrateAsync(Func<string, CloudDb> open) =>
        new Migrator(database.ConnectionString, folder.FullName, new TestClock(), NullLogger<Migrator>.Instance) { Open = open }
            .MigrateAsync(CancellationToken.None);

    private async Task ExecuteAsync(string statement)
    {
        await using var command = database.DataSource.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }

    private static CloudDb Predecessor(string connectionString) => new(new DbContextOptionsBuilder<CloudDb>()
        .UseNpgsql(connectionString, o => o.MigrationsAssembly(typeof(MigratorTests).Assembly))
        .ConfigureWarnings(w => w.Ignore(RelationalEventId.PendingModelChangesWarning)).Options);

    [DbContext(typeof(CloudDb)), Migration("20200101000000_First")]
    internal sealed class First : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE TABLE first ()");
    }

    [DbContext(typeof(CloudDb)), Migration("20200102000000_Second")]
    internal sealed class Second : Migration
    {
        protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE TABLE second ()");
    }

    /// <summary>No schema at all: what a first start meets.</summary>
    internal sealed class EmptyDb(DbContextOptions<EmptyDb> options) : DbContext(options);
}
