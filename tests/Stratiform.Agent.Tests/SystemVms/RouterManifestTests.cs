using System.Formats.Tar;
using System.Text;
using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

public sealed class RouterManifestTests
{
    // printf a | sha256sum
    private const string HashOfA = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    private const string HashOfB = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";

    private static readonly EnsureRouterConfiguration Configuration = new()
    {
        RouterId = Guid.Empty,
        Generation = 7,
        Files = [File("nft.rules", "a"), File("passwords/10.1.1.5", "b", secret: true), File("copy", "a")],
    };

    [Fact]
    public void Names_the_generation_and_each_file_by_hash_mode_and_path() => RouterManifest.Write(Configuration).ShouldBe(
        $"generation 7\n{HashOfA} 0644 copy\n{HashOfA} 0644 nft.rules\n{HashOfB} 0600 passwords/10.1.1.5\n");

    [Fact]
    public void Packs_what_is_missing_once_by_its_hash()
    {
        using var packed = new MemoryStream(RouterManifest.Pack(Configuration, new HashSet<string> { HashOfA }));
        using var tar = new TarReader(packed);
        var entry = tar.GetNextEntry(copyData: true)!;
        entry.Name.ShouldBe(HashOfA);
        new StreamReader(entry.DataStream!).ReadToEnd().ShouldBe("a");
        tar.GetNextEntry().ShouldBeNull();
    }

    private static RouterFile File(string path, string content, bool secret = false) => new(path, Encoding.UTF8.GetBytes(content), secret);
}
