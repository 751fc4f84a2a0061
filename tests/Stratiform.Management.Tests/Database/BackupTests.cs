using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class BackupTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backup-");
    private readonly TestDatabase database = new();
    private readonly TestClock clock = new();
    private readonly List<string> lines = [];

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        await using var db = database.Open();
        var secrets = await Secrets.OpenAsync(db, KeyFile, CancellationToken.None);
        db.Add(new Domain("ROOT", null, clock.GetUtcNow()));
        await db.SaveChangesAsync();
        secret = secrets.Wrap("a secret");
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_there_comes_back_and_what_came_later_goes()
    {
        await BackUpAsync();
        await AddDomainAsync("later");
        await RestoreAsync();

        await using var db = database.Open();
        (await db.Set<Domain>().Select(d => d.Name).ToListAsync()).ShouldBe(["ROOT"]);
        lines.ShouldContain(line => line.StartsWith("Wrote", StringComparison.Ordinal));
        lines[^1].ShouldBe("Restored. Start the server.");
    }

    [Fact]
    public async Task A_backup_and_its_keys_are_their_owners_alone()
    {
        await BackUpAsync();
        foreach (var file in new[] { Tar, Tar + ".keys" })
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.GetFiles().Select(f => f.Name).ShouldBe(["cloud.tar", "cloud.tar.keys", "master.key"], ignoreOrder: true);
        Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Tar)).ShouldNotContain((await File.ReadAllTextAsync(KeyFile)).Trim());
    }

    [Fact]
    public async Task On_a_new_machine_keys_and_credentials_come_from_beside_the_backup()
    {
        await File.WriteAllTextAsync(CredentialsFile, "CLOUDSTACK_KEY=its own\n");
        await BackUpAsync();
        File.Delete(KeyFile);
        File.Delete(CredentialsFile);
        await RestoreAsync();
        Secrets.Open(KeyFile).UnwrapText(secret).ShouldBe("a secret");
        (await File.ReadAllTextAsync(CredentialsFile)).ShouldBe("CLOUDSTACK_KEY=its own\n");
        File.GetUnixFileMode(CredentialsFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Another_master_key_gives_way_and_is_kept()
    {
        await BackUpAsync();
        File.Delete(KeyFile);
        var other = Secrets.Open(KeyFile).KeyId;
        await RestoreAsync();
        Secrets.Open(KeyFile).UnwrapText(secret).ShouldBe("a secret");
        Secrets.Open(KeyFile + ".replaced").KeyId.ShouldBe(other);
    }

    [Fact]
    public async Task Without_the_master_key_nothing_is_touched()
    {
        await BackUpAsync();
        await AddDomainAsync("later");
        File.Delete(KeyFile);
        File.Delete(Tar + ".keys");
        (await Should.ThrowAsync<OperatorException>(RestoreAsync)).Message.ShouldContain("master key");
        await ExpectDomainsAsync(2);
    }

    [Fact]
    public async Task A_database_in_use_is_not_replaced()
    {
        await BackUpAsync();
        await AddDomainAsync("later");
        await using (await database.DataSource.OpenConnectionAsync())
            (await Should.ThrowAsync<OperatorException>(ReadAsync)).Message.ShouldContain("in use");
        await ExpectDomainsAsync(2);
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public async Task A_damaged_backup_is_not_restored(double place)
    {
        await BackUpAsync();
        var bytes = await File.ReadAllBytesAsync(Tar);
        bytes[(int)(bytes.Length * place)] ^= 1;
        await File.WriteAllBytesAsync(Tar, bytes);
        (await Should.ThrowAsync<OperatorException>(RestoreAsync)).Message.ShouldContain("damaged");
        await ExpectDomainsAsync(1);
    }

    [Fact]
    public async Task A_shortened_backup_is_not_restored()
    {
        await BackUpAsync();
        await using (var file = File.OpenWrite(Tar)) file.SetLength(file.Length / 2);
        (await Should.ThrowAsync<OperatorException>(RestoreAsync)).Message.ShouldContain("damaged");
    }

    [Fact]
    public async Task A_newer_backup_is_not_restored()
    {
        await using (var command = database.DataSource.CreateCommand(
            "INSERT INTO \"__EFMigrationsHistory\" VALUES ('29990101000000_FromTheFuture', '99.0')"))
            await command.ExecuteNonQueryAsync();
        await BackUpAsync();
        (await Should.ThrowAsync<OperatorException>(RestoreAsync)).Message.ShouldContain("newer than this server");
    }

    [Fact]
    public async Task A_restored_cloud_outranks_what_hosts_obeyed_since()
    {
        await BackUpAsync();
        var obeyed = await DrawFenceAsync();
        await RestoreAsync();
        (await DrawFenceAsync()).ShouldBeGreaterThan(obeyed);
    }

    [Fact]
    public async Task A_backup_never_overwrites_another()
    {
        await BackUpAsync();
        (await Should.ThrowAsync<OperatorException>(BackUpAsync)).Message.ShouldContain("exists");
    }

    private byte[] secret = [];

    private string Tar => Path.Combine(folder.FullName, "cloud.tar");

    private string KeyFile => Path.Combine(folder.FullName, "master.key");

    private string CredentialsFile => Path.Combine(folder.FullName, "cloud.env");

    private BackupSubject Subject => new(database.ConnectionString, folder.FullName, new Dictionary<string, string>
    {
        [BackupSubject.MasterKeyName] = KeyFile,
        [BackupSubject.CredentialsName] = CredentialsFile,
    });

    private Task BackUpAsync() => new Backup(Subject, clock, lines.Add).WriteAsync(Tar, CancellationToken.None);

    private Task RestoreAsync()
    {
        database.CloseIdle();
        return ReadAsync();
    }

    private Task ReadAsync() => new Restore(Subject, TimeProvider.System, lines.Add).ReadAsync(Tar, CancellationToken.None);

    private async Task AddDomainAsync(string name)
    {
        await using var db = database.Open();
        db.Add(new Domain(name, await db.Set<Domain>().SingleAsync(), clock.GetUtcNow()));
        await db.SaveChangesAsync();
    }

    private async Task ExpectDomainsAsync(int count)
    {
        await using var db = database.Open();
        (await db.Set<Domain>().CountAsync()).ShouldBe(count);
    }

    private async Task<long> DrawFenceAsync()
    {
        await using var command = database.DataSource.CreateCommand("SELECT nextval('workflow_fence')");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
