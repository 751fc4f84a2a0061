using Npgsql;
using Stratiform.Linux;
using Stratiform.Management.Database;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class PrivateClusterTests : IAsyncLifetime
{
    private const UnixFileMode Open = (UnixFileMode)0b111_101_101;

    private readonly DirectoryInfo parent = Directory.CreateTempSubdirectory("cluster-");
    private string folder;

    public PrivateClusterTests()
    {
        File.SetUnixFileMode(parent.FullName, Open);
        folder = Path.Combine(parent.FullName, "db");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Cluster().StopAsync(CancellationToken.None);
        if (new DirectoryInfo(folder).LinkTarget is { } elsewhere) Directory.Delete(elsewhere, recursive: true);
        parent.Delete(recursive: true);
    }

    [Fact]
    public async Task Lives_on_after_its_starter_and_is_adopted()
    {
        var started = await ClusterProcess.StartAsync(folder);
        var first = Postmaster();
        await ExecuteAsync(started, "CREATE TABLE kept ()");

        var adopted = await StartAsync();
        adopted.ShouldBe(started);
        Postmaster().ShouldBe(first);
        await ExecuteAsync(adopted, "SELECT FROM kept");
        (await SessionOfAsync(first)).ShouldNotBe(await SessionOfAsync(Environment.ProcessId));
    }

    [Fact]
    public async Task Two_servers_that_start_at_once_make_one()
    {
        var started = await Task.WhenAll(ClusterProcess.StartAsync(folder), ClusterProcess.StartAsync(folder), StartAsync());
        started.Distinct().ShouldHaveSingleItem();
        await ExecuteAsync(started[0], "SELECT 1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Comes_back_after_a_kill_while_left_over_backends_still_work(bool reaped)
    {
        var started = await StartAsync();
        await ExecuteAsync(started, "CREATE TABLE kept AS SELECT 1 AS row");
        var busy = ExecuteAsync(started, "SELECT count(*) FROM generate_series(1, 10000000)");
        await Task.Delay(300);
        await Shell.RunAsync("kill", ["-9", $"{Postmaster()}"]);
        // Where nobody reaps, the number of the dead stays taken, and its file has to go.
        if (!reaped) File.Delete(Path.Combine(folder, "data", "postmaster.pid"));

        busy.IsCompleted.ShouldBeFalse();
        await ExecuteAsync(await StartAsync(), "SELECT row FROM kept");
        // Its own process still finished it: that is what the start had to wait for.
        busy.IsCompleted.ShouldBeTrue();
        await busy;
    }

    [Fact]
    public async Task Is_started_again_while_it_is_kept()
    {
        await StartAsync();
        var first = Postmaster();
        using var server = new CancellationTokenSource();
        var keeping = Cluster().KeepAsync(server.Token);
        await Shell.RunAsync("kill", ["-9", $"{first}"], ct: server.Token);

        for (var tries = 0; tries < 300 && (PostmasterFile.Read(Path.Combine(folder, "data"))?.ProcessId ?? first) == first; tries++)
            await Task.Delay(100, server.Token);
        await ExecuteAsync(await StartAsync(), "SELECT 1");
        Postmaster().ShouldNotBe(first);
        await server.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(keeping);
    }

    [Fact]
    public async Task Starts_again_after_a_stop()
    {
        await ExecuteAsync(await StartAsync(), "CREATE TABLE kept ()");
        var first = Postmaster();
        (await Cluster().IsRunningAsync(CancellationToken.None)).ShouldBeTrue();
        await Cluster().StopAsync(CancellationToken.None);
        (await Cluster().IsRunningAsync(CancellationToken.None)).ShouldBeFalse();
        await Cluster().StopAsync(CancellationToken.None);

        await ExecuteAsync(await StartAsync(), "SELECT FROM kept");
        Postmaster().ShouldNotBe(first);
    }

    [Fact]
    public async Task A_path_longer_than_a_socket_may_have_works()
    {
        folder = Path.Combine(parent.FullName, new string('a', 120), "it's a folder", new string('b', 60));
        await ExecuteAsync(await StartAsync(), "SELECT 1");
    }

    [Fact]
    public async Task What_a_killed_initdb_left_is_made_anew()
    {
        Directory.CreateDirectory(Path.Combine(folder, "data.unfinished", "base"));
        await ExecuteAsync(await StartAsync(), "SELECT 1");
    }

    [Fact]
    public async Task Keeps_what_it_is_told_to_be_durable()
    {
        var cluster = new PrivateCluster(folder);
        var connection = await cluster.StartAsync(CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name IN "
            + "('fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums', 'listen_addresses', 'jit')");
        (await command.ExecuteScalarAsync()).ShouldBe(
            "data_checksums=on fsync=on full_page_writes=on jit=off listen_addresses= synchronous_commit=on");
    }

    [Theory]
    [InlineData("9", "pg_upgrade")]
    [InlineData("99", "apt-get install postgresql-99")]
    public async Task Another_major_version_is_refused_with_the_command_that_helps(string version, string command)
    {
        Directory.CreateDirectory(Path.Combine(folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "PG_VERSION"), version + "\n");
        (await Should.ThrowAsync<OperatorException>(StartAsync)).Message.ShouldContain(command);
    }

    [Fact]
    public async Task A_cluster_that_does_not_start_says_why()
    {
        await StartAsync();
        await Cluster().StopAsync(CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "operator.conf"), "shared_buffers = 'plenty'\n");
        (await Should.ThrowAsync<OperatorException>(StartAsync)).Message.ShouldContain("plenty");
    }

    [RootFact]
    public async Task Data_go_where_their_owner_can_enter()
    {
        File.SetUnixFileMode(parent.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await ExecuteAsync(await StartAsync(), "CREATE TABLE kept ()");
        new DirectoryInfo(folder).LinkTarget!.ShouldStartWith("/var/lib/stratiform/");
        await ExecuteAsync(await StartAsync(), "SELECT FROM kept");
    }

    [RootFact]
    public async Task A_moved_link_is_not_followed()
    {
        Directory.CreateSymbolicLink(folder, "/var/lib/stratiform/of-another-folder");
        (await Should.ThrowAsync<OperatorException>(StartAsync)).Message.ShouldContain("To take the database along");
        File.Delete(folder);
    }

    [RootFact]
    public async Task Serves_a_user_who_is_not_root()
    {
        await Shell.RunAsync("chown", ["nobody", parent.FullName]);
        var started = await ClusterProcess.StartAsync(folder, "nobody");
        started.ShouldContain("/tmp/stratiform-");
        (await Shell.RunAsync("ps", ["-o", "user=", "-p", $"{Postmaster()}"])).Trim().ShouldBe("nobody");
        await ClusterProcess.StopAsync(folder, "nobody");
        File.Exists(Path.Combine(folder, "data", "postmaster.pid")).ShouldBeFalse();
        // Not one of root's.
        folder = Path.Combine(parent.FullName, "none");
    }

    private PrivateCluster Cluster() => new(folder, new ClusterSettings(Durable: false));

    private Task<string> StartAsync() => Cluster().StartAsync(CancellationToken.None);

    private int Postmaster() => PostmasterFile.Read(Path.Combine(folder, "data"))!.ProcessId;

    private static Task<string> SessionOfAsync(int process) => Shell.RunAsync("ps", ["-o", "sid=", "-p", $"{process}"]);

    private static async Task ExecuteAsync(string connectionString, string statement)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
