using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

public sealed class WorkerChecksTests
{
    private static readonly WorkerNic Nic = new("02:00:00:00:00:01", "192.0.2.7/24", 1500, "192.0.2.1");

    private static readonly StoreAddress Store = new() { StoreId = Guid.CreateVersion7(), Url = "nfs://192.0.2.1/secondary/a" };

    private static readonly WorkerSetup Setup = new()
    {
        Nics = [Nic, new WorkerNic("02:00:00:00:00:02", "fd00::7/64", 9000)],
        Resolvers = ["192.0.2.53", "fd00::53"],
        Stores = [Store, Store with { StoreId = Guid.CreateVersion7(), Url = "https://s3.example:8443/b", AccessKey = "a", SecretKey = "s" }],
        LinkKey = new byte[32],
    };

    private static readonly EnsureImage Image = new()
    {
        PoolId = Guid.CreateVersion7(),
        ImageId = Guid.CreateVersion7(),
        Source = "http://images/i.qcow2",
        Forbidden = ["10.0.0.0/8"],
    };

    [Fact]
    public void What_is_sound_is_passed_on()
    {
        WorkerChecks.Check(Setup);
        WorkerChecks.Check(Image);
        WorkerChecks.Check(Image with { Source = "upload:1893456000" });
    }

    [Theory]
    [InlineData("02:00:00:00:00:0A", "192.0.2.7/24", 1500, "")]
    [InlineData("02:00:00:00:00:01\n", "192.0.2.7/24", 1500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7", 1500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7/33", 1500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2/24", 1500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7/-4", 1500, "")]
    [InlineData("02:00:00:00:00:01", "fd00::7%eth0/64", 1500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7/24", 500, "")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7/24", 1500, "fd00::1")]
    [InlineData("02:00:00:00:00:01", "192.0.2.7/24", 1500, "gateway")]
    public void A_card_that_cannot_be_is_refused(string mac, string address, int mtu, string gateway) =>
        ShouldRefuse(Setup with { Nics = [new WorkerNic(mac, address, mtu, gateway)] });

    [Theory]
    [InlineData("file:///secondary")]
    [InlineData("nfs://192.0.2.1")]
    [InlineData("nfs://192.0.2.1/")]
    [InlineData("nfs:///secondary")]
    [InlineData("nfs://192.0.2.1/a b")]
    [InlineData("https://me:secret@s3.example/bucket")]
    [InlineData("https://s3.example/bucket?list")]
    [InlineData("/secondary")]
    public void A_store_that_cannot_be_is_refused(string url) => ShouldRefuse(Setup with { Stores = [Store with { Url = url }] });

    [Fact]
    public void A_setup_that_contradicts_itself_is_refused()
    {
        ShouldRefuse(Setup with { Nics = [] });
        ShouldRefuse(Setup with { Nics = [Nic, Nic] });
        ShouldRefuse(Setup with { Nics = [Nic, Nic with { Mac = "02:00:00:00:00:02" }] });
        ShouldRefuse(Setup with { Stores = [Store, Store] });
        ShouldRefuse(Setup with { Stores = [Store with { SecretKey = "a\nb" }] });
        ShouldRefuse(Setup with { Resolvers = ["resolver.example"] });
        ShouldRefuse(Setup with { LinkKey = new byte[4] });
    }

    [Fact]
    public void An_image_comes_to_a_store_from_a_server_alone()
    {
        EnsureImage[] bad =
        [
            Image with { Source = "file:///etc/shadow" },
            Image with { Source = "ftp://images/i.qcow2" },
            Image with { Source = "upload:soon" },
            Image with { Source = "upload:99999999999999999" },
            Image with { Source = "upload:1893456000", Checksum = "xyz" },
            Image with { Checksum = "xyz" },
            Image with { Allowed = ["everywhere"] },
            Image with { MaxVirtualSizeBytes = 0 },
        ];
        foreach (var image in bad) Should.Throw<HostException>(() => WorkerChecks.Check(image)).Code.ShouldBe(HostErrorCode.Invalid);
    }

    private static void ShouldRefuse(WorkerSetup setup) =>
        Should.Throw<HostException>(() => WorkerChecks.Check(setup)).Code.ShouldBe(HostErrorCode.Invalid);
}
