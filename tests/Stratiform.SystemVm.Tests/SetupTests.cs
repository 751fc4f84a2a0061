using System.Text.Json.Nodes;
using Stratiform.Protocol;
using Stratiform.SystemVm.Network;

namespace Stratiform.SystemVm.Tests;

/// <summary>What a worker is told, and told again.</summary>
public sealed class SetupTests
{
    private static readonly Card Card = new("eth0", "02:00:00:00:00:01", 1500, IsUp: true, ["192.0.2.7/24"]);
    private static readonly WorkerNic Nic = new(Card.Mac, "192.0.2.7/24", 1500, "192.0.2.1");

    [Fact]
    public async Task It_knows_the_stores_it_was_told_of_and_forgets_the_others()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var store in new[] { Bench.Store, Bench.Other }) await bench.AskAsync<StoreInventory>("ReadStore", new { storeId = store });
        (await bench.AskAsync<WorkerReport>("EnsureWorker", Bench.Setup((Bench.Store, "nfs://192.0.2.1/one")))).IsSetUp.ShouldBeTrue();
        await bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store });
        var refusal = await Should.ThrowAsync<HostException>(() => bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Other }));
        refusal.Code.ShouldBe(HostErrorCode.Busy);
        Directory.Exists(bench.FolderOf(Bench.Other)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://s3.example/bucket")]
    [InlineData("https://s3.example/")]
    [InlineData("nfs://[2001:db8::1]/x")]
    [InlineData("nfs://user@store/x")]
    [InlineData("/path")]
    public async Task A_store_of_another_kind_is_refused_and_changes_nothing(string url)
    {
        await using var bench = await Bench.StartAsync();
        var refusal = await Should.ThrowAsync<HostException>(() => bench.AskAsync<WorkerReport>("EnsureWorker", Bench.Setup((Bench.Other, url))));
        refusal.Code.ShouldBe(HostErrorCode.Unsupported);
        await bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store });
    }

    [Fact]
    public async Task A_store_that_is_away_hurts_only_who_asks_for_it()
    {
        await using var bench = await Bench.StartAsync();
        var setup = Bench.Setup((Bench.Store, "nfs://192.0.2.1/one"), (Bench.Other, "nfs://away/two"));
        (await bench.AskAsync<WorkerReport>("EnsureWorker", setup)).IsSetUp.ShouldBeTrue();
        await bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Store });
        var refusal = await Should.ThrowAsync<HostException>(() => bench.AskAsync<StoreInventory>("ReadStore", new { storeId = Bench.Other }));
        refusal.Code.ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public void A_card_that_is_as_it_should_be_is_left_alone() =>
        CardPlan.Changes([Nic], [Card], "default via 192.0.2.1 dev eth0").ShouldBeEmpty();

    [Fact]
    public void A_new_card_is_set_up_before_the_way_out() =>
        CardPlan.Changes([Nic with { Mtu = 9000 }], [Card with { IsUp = false, Addresses = [] }], "").ShouldBe(
        [
            "link set dev eth0 mtu 9000", "address add 192.0.2.7/24 dev eth0", "link set dev eth0 up",
            "route replace default via 192.0.2.1 dev eth0",
        ]);

    [Fact]
    public void A_changed_address_takes_the_place_of_the_old_one() =>
        CardPlan.Changes([Nic with { Address = "192.0.2.8/24" }], [Card], "default via 192.0.2.1 dev eth0").ShouldBe(
        [
            "address add 192.0.2.8/24 dev eth0", "address del 192.0.2.7/24 dev eth0", "route replace default via 192.0.2.1 dev eth0",
        ]);

    [Fact]
    public void A_card_that_is_not_listed_loses_its_address_and_the_way_out() =>
        CardPlan.Changes([], [Card], "default via 192.0.2.1 dev eth0").ShouldBe(
            ["address del 192.0.2.7/24 dev eth0", "route del default via 192.0.2.1 dev eth0"]);

    [Fact]
    public void A_card_that_is_not_there_or_makes_no_sense_is_refused()
    {
        Should.Throw<HostException>(() => CardPlan.Changes([Nic], [], "")).Code.ShouldBe(HostErrorCode.Busy);
        Should.Throw<HostException>(() => CardPlan.Changes([Nic with { Address = "1.2.3.4/8\nlink del eth0" }], [Card], ""))
            .Code.ShouldBe(HostErrorCode.Invalid);
    }

    [Fact]
    public void Cards_are_read_as_iproute2_tells_them()
    {
        var cards = JsonNode.Parse("""
            [{"ifname":"lo","link_type":"loopback","address":"00:00:00:00:00:00","mtu":65536,"flags":["UP"],
              "addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]},
             {"ifname":"eth0","link_type":"ether","address":"02:00:00:00:00:01","mtu":1500,"flags":["BROADCAST","UP"],
              "addr_info":[{"family":"inet","local":"192.0.2.7","prefixlen":24},{"family":"inet6","local":"fe80::1","prefixlen":64}]}]
            """)!.AsArray();
        var card = CardPlan.Cards(cards).ShouldHaveSingleItem();
        (card.Name, card.Mac, card.Mtu, card.IsUp).ShouldBe((Card.Name, Card.Mac, Card.Mtu, Card.IsUp));
        card.Addresses.ShouldBe(Card.Addresses);
        CardPlan.Route(JsonNode.Parse("""[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"}]""")!.AsArray())
            .ShouldBe("default via 192.0.2.1 dev eth0");
    }
}
