using Stratiform.Management.Accounts;

namespace Stratiform.Management.Tests.Accounts;

public sealed class PasswordsTests
{
    private readonly Passwords _passwords = new(rounds: 2);

    [Fact]
    public void Fits_what_was_hashed_and_nothing_else()
    {
        var hash = _passwords.Hash("correct horse");
        _passwords.Fits("correct horse", hash).ShouldBeTrue();
        _passwords.Fits("correct horsf", hash).ShouldBeFalse();
        _passwords.Fits("", hash).ShouldBeFalse();
    }

    [Fact]
    public void Salts_and_remembers_its_rounds()
    {
        _passwords.Hash("x").ShouldNotBe(_passwords.Hash("x"));
        _passwords.Hash("x").ShouldStartWith("pbkdf2-sha256$2$");
        new Passwords(rounds: 5).Fits("x", _passwords.Hash("x")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("plain")]
    public void Nothing_fits_what_is_no_hash(string? stored) => _passwords.Fits("", stored).ShouldBeFalse();
}
