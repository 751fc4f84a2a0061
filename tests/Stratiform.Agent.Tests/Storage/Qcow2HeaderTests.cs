using System.Buffers.Binary;
using Stratiform.Linux;

namespace Stratiform.Agent.Tests.Storage;

public sealed class Qcow2HeaderTests
{
    [Fact]
    public void A_sound_image_has_its_size() => Qcow2Header.Parse(Sound()).VirtualSizeBytes.ShouldBe(1 << 30);

    [Theory]
    [InlineData("no magic", 0, 1)]
    [InlineData("version 4", 4, 4)]
    [InlineData("backing file", 12, 200)]
    [InlineData("name of a backing file", 16, 9)]
    [InlineData("encryption", 32, 1)]
    [InlineData("corrupt bit", 76, 2)]
    [InlineData("external data bit", 76, 4)]
    [InlineData("extension with the name of a data file", 104, 0x44415441)]
    [InlineData("negative size", 24, 0x80000000)]
    public void An_image_with_something_odd_is_refused(string what, int offset, uint value)
    {
        var head = Sound();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(offset), value);
        Should.Throw<InvalidDataException>(() => Qcow2Header.Parse(head), what);
    }

    [Fact]
    public void No_beginning_of_a_file_crashes_the_reader()
    {
        var random = Sound();
        for (var length = 0; length < random.Length; length += 7)
        {
            try
            {
                Qcow2Header.Parse(random.AsSpan(0, length));
            }
            catch (InvalidDataException)
            {
                // Refused: as good as read.
            }
        }
    }

    [Fact]
    public void An_extension_that_claims_to_be_endless_ends()
    {
        var head = Sound();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(104), 0x12345678);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(108), 0xFFFFFFFF);
        Qcow2Header.Parse(head).VirtualSizeBytes.ShouldBe(1 << 30);
    }

    private static byte[] Sound()
    {
        var head = new byte[4096];
        BinaryPrimitives.WriteUInt32BigEndian(head, 0x514649FB);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(24), 1 << 30);
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(100), 104);
        return head;
    }
}
