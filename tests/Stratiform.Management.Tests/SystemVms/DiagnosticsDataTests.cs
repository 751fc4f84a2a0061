using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Networking;
using Stratiform.Management.SystemVms;
using Stratiform.Management.SystemVms.Reconcilers;
using Stratiform.Management.Tests.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.SystemVms;

/// <summary>What is collected inside system VMs, and who gets it.</summary>
public sealed class DiagnosticsDataTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task What_a_router_tells_is_downloaded_by_a_link_until_it_expires()
    {
        var (network, _) = await cloud.WithGuestAsync("collecting");
        var router = (await cloud.RouterAsync(network)).IdOf();
        (await cloud.CallAsync("updateRegion", ("id", "1"), ("endpoint", $"{cloud.Address}client/"))).ShouldBe(200);
        var link = await CollectAsync(router);
        link.AbsoluteUri.ShouldStartWith($"{cloud.Address}client/diagnostics/");
        (await DownloadAsync(link)).Keys.ShouldBe(ReadDiagnosticsData.OfRouters.Select(p => "./" + p.TrimStart('/').Replace('/', '_')), ignoreOrder: true);
        using var client = Browser();
        (await client.GetAsync(new Uri(link.AbsoluteUri[..^1] + (link.AbsoluteUri[^1] == 'A' ? 'E' : 'A')))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var few = await CollectAsync(router, ("files", "iptables,/etc/hosts,iptables"));
        var got = await DownloadAsync(few);
        got.Keys.ShouldBe(["./iptables", "./etc_hosts"], ignoreOrder: true);
        got["./iptables"].ShouldBe($"iptables of {await cloud.ServingAsync(Guid.Parse(router))}\n");
        (await client.GetAsync(link)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "the newest alone is kept");
        await using (var db = cloud.Open())
        {
            var secret = few.Segments[^1];
            (await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM workflow WHERE result::text LIKE {"%" + secret + "%"}").SingleAsync()).ShouldBe(0, "the link is wrapped");
            var expired = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            await db.Set<DiagnosticsFile>().ExecuteUpdateAsync(set => set.SetProperty(f => f.ExpiresAt, expired));
            (await client.GetAsync(few)).StatusCode.ShouldBe(HttpStatusCode.NotFound, "it has expired");
            await new DiagnosticsGc(db, TimeProvider.System).ReconcileAsync(CancellationToken.None);
            (await db.Set<DiagnosticsFile>().CountAsync()).ShouldBe(0);
        }
        (await cloud.CallAsync("listEvents", ("type", "SYSTEM.VM.DIAGNOSTICS"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_is_secret_or_elsewhere_is_refused()
    {
        var (network, _) = await cloud.WithGuestAsync("asked-too-much");
        var router = (await cloud.RouterAsync(network)).IdOf();
        foreach (var bad in new[] { "/var/lib/stratiform/current/swanctl/swanctl.conf", "/etc/shadow", "iptables;reboot", "../etc/hosts" })
            (await cloud.RefusedAsync(431, "getDiagnosticsData", ("targetid", router), ("files", bad))).ShouldContain("is not collected there; files can be iptables");
        var tenant = await cloud.TenantAsync("curious");
        (await cloud.AsAsync(tenant.Keys, "getDiagnosticsData", ("targetid", router))).ShouldBe(401);
        var nobody = Id.New<Router>().ToString();
        (await cloud.RefusedAsync(431, "getDiagnosticsData", ("targetid", nobody))).ShouldContain(nobody);
        (await cloud.CallAsync("updateConfiguration", ("name", "diagnostics.data.router.defaults"), ("value", "ipaddr,/etc/shadow"))).ShouldBe(431)
            .ErrorText!.ShouldContain("has /etc/shadow");
        (await cloud.CallAsync("updateConfiguration", ("name", "diagnostics.data.router.defaults"), ("value", "ipaddr"))).ShouldBe(200);
        (await cloud.CallAsync("updateRegion", ("id", "1"), ("endpoint", $"{cloud.Address}client/"))).ShouldBe(200);
        (await DownloadAsync(await CollectAsync(router))).Keys.ShouldBe(["./ipaddr"]);
        (await cloud.CallAsync("resetConfiguration", ("name", "diagnostics.data.router.defaults"))).ShouldBe(200);
        await cloud.DoneAsync("router", "stopRouter", ("id", router));
        (await cloud.RefusedAsync(431, "getDiagnosticsData", ("targetid", router))).ShouldContain("must be Running");
    }

    private async Task<Uri> CollectAsync(string router, params (string, string)[] more) =>
        new((await cloud.DoneAsync("diagnostics", "getDiagnosticsData", [("targetid", router), .. more]))["url"]!.GetValue<string>());

    private static HttpClient Browser() => new(new SocketsHttpHandler { UseProxy = false });

    private static async Task<Dictionary<string, string>> DownloadAsync(Uri link)
    {
        using var client = Browser();
        using var answer = await client.GetAsync(link);
        (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "application/gzip"));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        await using var unzipped = new GZipStream(await answer.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        var parts = new Dictionary<string, string>();
        while (await tar.GetNextEntryAsync() is { } entry) parts[entry.Name] = await new StreamReader(entry.DataStream!, Encoding.UTF8).ReadToEndAsync();
        return parts;
    }
}
