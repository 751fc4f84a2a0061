using System.Text.Json.Nodes;
using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Infrastructure;

/// <summary>This cloud, and others that it knows of.</summary>
public sealed class RegionTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    [Fact]
    public async Task A_region_is_added_changed_found_and_forgotten()
    {
        var tenant = await cloud.TenantAsync("region-reader");
        (await NamesAsync(tenant, ("id", "1"))).ShouldBe(["Local"]);
        var added = (await cloud.AsAdminAsync("addRegion", ("id", "7"), ("name", "north"), ("endpoint", "https://north.example.org/client/"))).ShouldBe(200).Body["region"]!;
        (added["id"]!.GetValue<int>(), added["name"]!.GetValue<string>(), added["endpoint"]!.GetValue<string>()).ShouldBe((7, "north", "https://north.example.org/client/"));
        (await NamesAsync(tenant)).ShouldBe(["Local", "north"]);
        (await NamesAsync(tenant, ("name", "north"))).ShouldBe(["north"]);
        (await NamesAsync(tenant, ("keyword", "NOR"))).ShouldBe(["north"]);
        (await NamesAsync(tenant, ("page", "2"), ("pagesize", "1"))).ShouldBe(["north"]);
        var changed = (await cloud.AsAdminAsync("updateRegion", ("id", "7"), ("name", "far north"))).ShouldBe(200).Body["region"]!;
        (changed["name"]!.GetValue<string>(), changed["endpoint"]!.GetValue<string>()).ShouldBe(("far north", "https://north.example.org/client/"));
        (await cloud.AsAdminAsync("updateRegion", ("id", "7"), ("endpoint", "http://192.0.2.7:8080/client/"))).ShouldBe(200);
        (await cloud.AsAsync(tenant.Keys, "listRegions", ("id", "7"))).ShouldBe(200).Body["region"]![0]!["endpoint"]!.GetValue<string>().ShouldBe("http://192.0.2.7:8080/client/");
        (await cloud.AsAdminAsync("removeRegion", ("id", "7"))).ShouldBe(200).Body["success"]!.GetValue<bool>().ShouldBeTrue();
        (await NamesAsync(tenant)).ShouldBe(["Local"]);
    }

    [Theory]
    [InlineData("addRegion", "id=1;name=other;endpoint=http://a/", "There is a region 1 already")]
    [InlineData("addRegion", "id=0;name=other;endpoint=http://a/", "begin at 1")]
    [InlineData("addRegion", "id=8;name=Local;endpoint=http://a/", "is named Local already")]
    [InlineData("addRegion", "id=8;name= ;endpoint=http://a/", "missing parameter name")]
    [InlineData("addRegion", "id=8;name=other;endpoint=ftp://a/", "no address of an API")]
    [InlineData("addRegion", "id=8;name=other;endpoint=somewhere", "no address of an API")]
    [InlineData("updateRegion", "id=1;endpoint=https://me:secret@a/", "leave name and password out")]
    [InlineData("updateRegion", "id=9;name=other", "There is no region 9")]
    [InlineData("removeRegion", "id=9", "There is no region 9")]
    [InlineData("removeRegion", "id=1", "is this cloud itself")]
    public async Task What_is_no_region_is_refused(string command, string parameters, string why)
    {
        var given = parameters.Split(';').Select(p => p.Split('=', 2)).Select(p => (p[0], p[1])).ToArray();
        (await cloud.AsAdminAsync(command, given)).ShouldBe(431).ErrorText!.ShouldContain(why);
    }

    private async Task<List<string>> NamesAsync(Tenant tenant, params (string, string)[] more) =>
        (await cloud.AsAsync(tenant.Keys, "listRegions", more)).ShouldBe(200).Body["region"] is JsonArray rows
            ? [.. rows.Select(r => r!["name"]!.GetValue<string>())] : [];
}
