using Stratiform.Agent.Storage;

namespace Stratiform.Agent.Tests.Storage;

public sealed class ChecksumTests
{
    [Theory]
    [InlineData("{SHA-256}", 64, "sha256sum")]
    [InlineData("{sha-512}", 128, "sha512sum")]
    [InlineData("{MD5}", 32, "md5sum")]
    [InlineData("", 40, "sha1sum")]
    public void Is_told_by_name_or_length(string name, int length, string program)
    {
        var checksum = Checksum.Parse(name + new string('A', length))!;
        checksum.Program.ShouldBe(program);
        checksum.Hex.ShouldBe(new string('a', length));
    }

    [Theory]
    [InlineData("{SHA-256}abc")]
    [InlineData("{CRC}00000000")]
    [InlineData("gggggggggggggggggggggggggggggggg")]
    public void Is_refused_when_it_is_none(string text) => Should.Throw<HostException>(() => Checksum.Parse(text));

    [Fact]
    public void May_be_unknown() => Checksum.Parse("").ShouldBeNull();
}
