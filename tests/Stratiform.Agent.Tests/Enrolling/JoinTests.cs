using System.Globalization;
using System.Security.Cryptography;
using Stratiform.Agent.Enrolling;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.Enrolling;

public sealed class JoinTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("join-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Join_prints_the_same_token_until_it_is_used()
    {
        var (code, token, _) = await JoinAsync("https://127.0.0.1:8250");
        code.ShouldBe(0);
        (await JoinAsync("https://127.0.0.1:8250")).Output.ShouldBe(token);
        var folder = new IdentityFolder(_folder.FullName);
        using var key = folder.ReadKey();
        JoinToken.TryParse(token)!.Names(key.ExportSubjectPublicKeyInfo()).ShouldBeTrue();
        folder.DropToken();
        (await JoinAsync("https://127.0.0.1:8250")).Output.ShouldNotBe(token);
    }

    [Fact]
    public async Task Key_and_token_are_for_their_owner_alone()
    {
        await JoinAsync("https://127.0.0.1:8250");
        var files = Directory.GetFiles(Path.Combine(_folder.FullName, "tls"));
        files.Select(Path.GetFileName).ShouldBe(["agent.key", "join-token"], ignoreOrder: true);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task An_agent_on_a_socket_has_no_token()
    {
        var (code, output, errors) = await JoinAsync("unix:/run/agent.sock");
        (code, output).ShouldBe((1, ""));
        errors.ShouldContain("needs no token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("AAAA.BBBB")]
    [InlineData("!.!")]
    public void What_is_no_token_is_not_read(string text) => JoinToken.TryParse(text).ShouldBeNull();

    [Fact]
    public void A_token_survives_being_carried_and_prints_nothing_by_accident()
    {
        var key = RandomNumberGenerator.GetBytes(91);
        var token = JoinToken.For(key);
        var read = JoinToken.TryParse($" {token.Reveal()}\n")!;
        read.Secret.ShouldBe(token.Secret);
        read.Names(key).ShouldBeTrue();
        read.Names(RandomNumberGenerator.GetBytes(91)).ShouldBeFalse();
        token.ToString()!.ShouldNotContain(token.Reveal().Split('.')[1]);
    }

    [Fact]
    public void A_host_listens_without_certificates_only_within_its_machine()
    {
        Should.Throw<FormatException>(() => ListenAddress.ParseProtected("http://0.0.0.0:8250")).Message.ShouldContain("https://0.0.0.0:8250");
        ListenAddress.ParseProtected("http://127.0.0.1:8250").IsSecure.ShouldBeFalse();
        ListenAddress.ParseProtected("https://[::]:8250").IsSecure.ShouldBeTrue();
    }

    private async Task<(int Code, string Output, string Errors)> JoinAsync(string listen)
    {
        var (output, errors) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var config = new AgentConfig
        {
            Listen = listen,
            State = _folder.FullName,
            HostId = Guid.CreateVersion7(),
            Images = _folder.FullName,
            Traffic = new("guest", "public", "management", "storage"),
        };
        var code = await JoinCommand.RunAsync(config, output, errors);
        return (code, output.ToString().Trim(), errors.ToString());
    }
}
