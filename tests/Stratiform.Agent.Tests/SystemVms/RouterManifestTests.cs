using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

public sealed class RouterManifestTests
{
    // printf a | sha256sum
    private const string HashOfA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    private const string HashOfB = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
    private const string Lines = $"hostname {HashOfA}\nmetadata/10.1.1.5 {HashOfA}\npasswords/10.1.1.5 {HashOfB}\nuserdata/10.1.1.5 {HashOfA}\n";

    [Fact]
    public void Names_the_generation_and_each_file_by_path_and_hash()
    {
        var text = Manifest(7).Text;
        text.ShouldMatch("^generation 7 [0-9a-f]{16}\n");
        text[(text.IndexOf('\n') + 1)..].ShouldBe(Lines);
    }

    [Fact]
    public void Tells_other_content_of_the_same_generation_apart()
    {
        Manifest(7).Text.ShouldBe(Manifest(7).Text);
        Manifest(7, "c").Text.Split('\n')[0].ShouldNotBe(Manifest(7).Text.Split('\n')[0]);
    }

    [Fact]
    public void Packs_the_routers_own_files_always_and_those_for_guests_once_by_hash()
    {
        Entries(Manifest(7).Pack(null)).ShouldBe(
            ["manifest 440", "hostname 600 a", $"files/{HashOfA} 440 a", $"files/{HashOfB} 440 b"]);
        Entries(Manifest(7).Pack(new HashSet<string> { HashOfB })).ShouldBe(["manifest 440", "hostname 600 a", $"files/{HashOfB} 440 b"]);
        Entries(Manifest(7).Pack(new HashSet<string>())).ShouldBe(["manifest 440", "hostname 600 a"]);
    }

    private static List<string> Entries(byte[] packed)
    {
        var entries = new List<string>();
        using var tar = new TarReader(new GZipStream(new MemoryStream(packed), CompressionMode.Decompress));
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            var content = entry.Name == "manifest" ? "" : " " + new StreamReader(entry.DataStream!).ReadToEnd();
            entries.Add($"{entry.Name} {Convert.ToString((int)entry.Mode, 8)}{content}");
        }
        return entries;
    }

    private static RouterManifest Manifest(long generation, string hostname = "a") => new(new()
    {
        RouterId = Guid.Empty,
        Generation = generation,
        Files =
        [
            File("userdata/10.1.1.5", "a"),
            File("hostname", hostname, secret: true),
            File("metadata/10.1.1.5", "a"),
            File("passwords/10.1.1.5", "b", secret: true),
        ],
    });

    private static RouterFile File(string path, string content, bool secret = false) => new(path, Encoding.UTF8.GetBytes(content), secret);
}
