using Stratiform.Transfers;

namespace Stratiform.Agent.Tests.Storage;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("{SHA-256}", 64, "{SHA-256}")]
    [InlineData("{sha-512}", 128, "{SHA-512}")]
    [InlineData("{MD5}", 32, "{MD5}")]
    [InlineData("", 40, "{SHA-1}")]
    public void Is_told_by_name_or_length(string name, int length, string written)
    {
        var checksum = Checksum.Parse(name + new string('A', length))!;
        checksum.ToString().ShouldBe(written + new string('a', length));
        checksum.Hex.ShouldBe(new string('a', length));
    }

    [Theory]
    [InlineData("{SHA-256}abc")]
    [InlineData("{CRC}00000000")]
    [InlineData("gggggggggggggggggggggggggggggggg")]
    public void Is_refused_when_it_is_none(string text) => Should.Throw<FormatException>(() => Checksum.Parse(text));

    [Fact]
    public void May_be_unknown() => Checksum.Parse("").ShouldBeNull();
}
