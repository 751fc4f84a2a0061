using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>What lists of networks and of what belongs to them are asked for, besides ids and names.</summary>
public sealed class NetworkListTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private const string Plain = "Dhcp,Dns,SourceNat,UserData";

    private async Task<string[]> ListAsync(string shape, string command, string field, params (string, string)[] parameters)
    {
        var found = (await cloud.CallAsync(command, [.. parameters, ("listall", "true")])).ShouldBe(200).Body[shape]?.AsArray() ?? [];
        return [.. found.Select(one => one![field]!.GetValue<string>())];
    }

    private async Task<string> OfferingAsync(string name, params (string, string)[] more) => (await cloud.ShapeAsync("networkoffering", "createNetworkOffering",
        [("name", name), ("displaytext", name + "s"), ("traffictype", "Guest"), ("guestiptype", "Isolated"), ("enable", "true"), .. more])).IdOf();

    [Fact]
    public async Task Offerings_and_networks_are_found_by_what_they_can_do()
    {
        await OfferingAsync("plain", ("supportedservices", Plain));
        await OfferingAsync("closed", ("supportedservices", "Dhcp,Dns"));
        await OfferingAsync("tiers", ("forvpc", "true"));
        (await cloud.ShapeAsync("networkoffering", "createNetworkOffering", ("name", "provider's"), ("displaytext", "shared"), ("traffictype", "Guest"), ("guestiptype", "Shared"),
            ("enable", "true"))).IdOf();
        (await OfferingsAsync(("sourcenatsupported", "false"))).ShouldBe(["closed", "provider's"]);
        (await OfferingsAsync(("specifyipranges", "true"))).ShouldBe(["provider's"]);
        (await OfferingsAsync(("specifyvlan", "false"))).ShouldBe(["isolated", "plain", "closed", "tiers"]);
        (await OfferingsAsync(("displaytext", "plains"))).ShouldBe(["plain"]);
        (await OfferingsAsync(("traffictype", "guest"), ("availability", "optional"), ("forvpc", "true"))).ShouldBe(["tiers"]);
        (await OfferingsAsync(("traffictype", "Public"))).ShouldBeEmpty();
        (await OfferingsAsync(("availability", "Required"))).ShouldBeEmpty();

        var network = await cloud.NetworkAsync("full");
        (await OfferingsAsync(("networkid", network))).ShouldBe(["plain"]);
        (await cloud.ShapeAsync("networkoffering", "listNetworkOfferings", ("networkid", network)))["name"]!.GetValue<string>().ShouldBe("plain");
        await cloud.RefusedAsync(431, "listNetworkOfferings", ("networkid", Guid.CreateVersion7().ToString()));
        (await NetworksAsync(("supportedservices", "Lb,SourceNat"))).ShouldBe(["full"]);
        (await NetworksAsync(("supportedservices", "SecurityGroup"))).ShouldBeEmpty();
        (await NetworksAsync(("specifyipranges", "true"))).ShouldBeEmpty();
        (await NetworksAsync(("specifyipranges", "false"))).ShouldBe(["full"]);

        Task<string[]> OfferingsAsync(params (string, string)[] by) => ListAsync("networkoffering", "listNetworkOfferings", "name", by);
        Task<string[]> NetworksAsync(params (string, string)[] by) => ListAsync("network", "listNetworks", "name", by);
    }

    [Fact]
    public async Task Addresses_and_routers_are_found_by_what_they_do()
    {
        var (network, guest) = await cloud.WithGuestAsync("busy");
        var address = await cloud.AcquireAsync(network);
        var (id, own) = (address.IdOf(), address["ipaddress"]!.GetValue<string>());
        var source = (await AddressesAsync(("issourcenat", "true"))).Single();
        (await AddressesAsync(("forloadbalancing", "true"))).ShouldBe([source, own], ignoreOrder: true);
        (await cloud.CallAsync("enableStaticNat", ("ipaddressid", id), ("virtualmachineid", guest))).ShouldBe(200);
        (await AddressesAsync(("forloadbalancing", "true"))).ShouldBe([source]);
        (await AddressesAsync(("forloadbalancing", "false"))).ShouldBe([own]);
        (await AddressesAsync(("state", "Allocated"))).ShouldBe([source, own], ignoreOrder: true);
        (await AddressesAsync(("state", "Free"))).ShouldBeEmpty();
        (await AddressesAsync(("state", "free"), ("allocatedonly", "false"))).ShouldNotContain(own);
        (await AddressesAsync(("state", "Releasing"), ("allocatedonly", "false"))).ShouldBeEmpty();
        var wires = (await cloud.ShapeAsync("physicalnetwork", "listPhysicalNetworks")).IdOf();
        (await AddressesAsync(("physicalnetworkid", wires))).ShouldBe([source, own], ignoreOrder: true);
        (await AddressesAsync(("physicalnetworkid", Guid.CreateVersion7().ToString()))).ShouldBeEmpty();
        (await RangesAsync(("vlan", "vlan://untagged"))).ShouldBe(["203.0.113.10"]);
        (await RangesAsync(("vlan", "17"))).ShouldBeEmpty();

        var router = (await cloud.RouterAsync(network))["name"]!.GetValue<string>();
        (await RoutersAsync(("forvpc", "false"))).ShouldBe([router]);
        (await RoutersAsync(("forvpc", "true"))).ShouldBeEmpty();
        foreach (var (shape, command, by) in ((string, string, string)[])[("pod", "listPods", "podid"), ("cluster", "listClusters", "clusterid")])
        {
            (await RoutersAsync((by, (await cloud.ShapeAsync(shape, command)).IdOf()))).ShouldBe([router]);
            (await RoutersAsync((by, Guid.CreateVersion7().ToString()))).ShouldBeEmpty();
        }

        Task<string[]> AddressesAsync(params (string, string)[] by) => ListAsync("publicipaddress", "listPublicIpAddresses", "ipaddress", by);
        Task<string[]> RangesAsync(params (string, string)[] by) => ListAsync("vlaniprange", "listVlanIpRanges", "startip", by);
        Task<string[]> RoutersAsync(params (string, string)[] by) => ListAsync("router", "listRouters", "name", by);
    }
}
