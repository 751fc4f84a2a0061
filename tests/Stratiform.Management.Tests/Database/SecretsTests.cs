using FsCheck;
using FsCheck.Fluent;
using Stratiform.Management.Database;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class SecretsTests(TestDatabase database) : IClassFixture<TestDatabase>, IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void What_is_wrapped_comes_back()
    {
        var secrets = Secrets.Open(KeyFile());
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] plain) => secrets.Unwrap(secrets.Wrap(plain)).SequenceEqual(plain)));
        Check.QuickThrowOnFailure(Prop.ForAll((NonNull<string> plain) =>
            !IsUnicode(plain.Get) || secrets.UnwrapText(secrets.Wrap(plain.Get)) == plain.Get));
    }

    [Fact]
    public void The_same_secret_looks_different_each_time()
    {
        var secrets = Secrets.Open(KeyFile());
        secrets.Wrap("same").ShouldNotBe(secrets.Wrap("same"));
    }

    [Fact]
    public void No_changed_byte_goes_unnoticed()
    {
        var secrets = Secrets.Open(KeyFile());
        Check.QuickThrowOnFailure(Prop.ForAll((byte[] plain, NonNegativeInt at, byte change) =>
        {
            var wrapped = secrets.Wrap(plain);
            wrapped[at.Get % wrapped.Length] ^= (byte)(change | 1);
            return Should.Throw<OperatorException>(() => secrets.Unwrap(wrapped)) is not null;
        }));
    }

    [Fact]
    public void No_shortened_secret_goes_unnoticed()
    {
        var secrets = Secrets.Open(KeyFile());
        var wrapped = secrets.Wrap("a secret");
        for (var length = 0; length < wrapped.Length; length++)
            Should.Throw<OperatorException>(() => secrets.Unwrap(wrapped[..length]));
    }

    [Fact]
    public void Another_key_is_told_by_its_name()
    {
        var (mine, other) = (Secrets.Open(KeyFile("mine")), Secrets.Open(KeyFile("other")));
        var refusal = Should.Throw<OperatorException>(() => other.Unwrap(mine.Wrap("a secret")));
        refusal.Message.ShouldContain(mine.KeyId);
        refusal.Message.ShouldContain(other.KeyId);
        refusal.Message.ShouldContain(KeyFile("other"));
    }

    [Fact]
    public void A_key_put_before_an_old_one_wraps_and_the_old_one_still_unwraps()
    {
        var old = Secrets.Open(KeyFile("old"));
        var wrapped = old.Wrap("a secret");
        var next = Secrets.Open(KeyFile("next"));
        File.AppendAllText(KeyFile("next"), File.ReadAllText(KeyFile("old")));

        var both = Secrets.Open(KeyFile("next"));
        both.UnwrapText(wrapped).ShouldBe("a secret");
        both.KeyId.ShouldBe(next.KeyId);
    }

    [Fact]
    public void The_key_file_is_its_owners_alone()
    {
        Secrets.Open(KeyFile());
        File.GetUnixFileMode(KeyFile()).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.SetUnixFileMode(KeyFile(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Should.Throw<OperatorException>(() => Secrets.Open(KeyFile())).Message.ShouldContain($"chmod 600 {KeyFile()}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64 at all\n")]
    [InlineData("c2hvcnQ=\n")]
    public void A_file_that_is_no_key_is_refused(string content)
    {
        File.WriteAllText(KeyFile(), content);
        File.SetUnixFileMode(KeyFile(), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Should.Throw<OperatorException>(() => Secrets.Open(KeyFile())).Message.ShouldContain("no master key");
    }

    [Fact]
    public async Task Servers_that_start_at_once_make_one_key()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Secrets.Open(KeyFile()).KeyId)));
        opened.Distinct().Count().ShouldBe(1);
        folder.GetFiles().Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_database_keeps_to_its_key()
    {
        await using var db = database.Open();
        var first = await Secrets.OpenAsync(db, KeyFile("first"), CancellationToken.None);
        var again = await Secrets.OpenAsync(db, KeyFile("first"), CancellationToken.None);
        again.KeyId.ShouldBe(first.KeyId);

        var missing = await Should.ThrowAsync<OperatorException>(() => Secrets.OpenAsync(db, KeyFile("second"), CancellationToken.None));
        missing.Message.ShouldContain("is missing");
        File.Exists(KeyFile("second")).ShouldBeFalse();

        Secrets.Open(KeyFile("third"));
        var other = await Should.ThrowAsync<OperatorException>(() => Secrets.OpenAsync(db, KeyFile("third"), CancellationToken.None));
        other.Message.ShouldContain(first.KeyId);
    }

    private string KeyFile(string name = "master") => Path.Combine(folder.FullName, name + ".key");

    private static bool IsUnicode(string text) => !text.Any(char.IsSurrogate);
}
