using System.Text;
using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Certificates through the API, and load balancers that end TLS by them.</summary>
public sealed class SslCertTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    private static readonly CertificateLab Lab = new();

    private static (string, string)[] Upload(string name, out string secret)
    {
        var own = Lab.Of(name);
        var key = CertificateLab.KeyOf(own);
        secret = key.Split('\n')[1];
        return [("name", name), ("certificate", own.ExportCertificatePem()), ("certchain", Lab.Chain), ("privatekey", key)];
    }

    private async Task<(string Network, string Guest, string Ip, string Id)> BalancerAsync(string name, string protocol = "ssl")
    {
        var (network, guest) = await cloud.WithGuestAsync(name);
        var address = await cloud.AcquireAsync(network);
        var balancer = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule", ("name", name), ("publicipid", address.IdOf()),
            ("publicport", "443"), ("privateport", "8080"), ("algorithm", "roundrobin"), ("protocol", protocol));
        await AssignAsync("assignToLoadBalancerRule", ("id", balancer.IdOf()), ("virtualmachineids", guest));
        return (network, guest, address["ipaddress"]!.GetValue<string>(), balancer.IdOf());
    }

    private async Task AssignAsync(string command, params (string, string)[] parameters) =>
        (await cloud.JobAsync(command, parameters))["jobstatus"]!.GetValue<int>().ShouldBe(1);

    [Fact]
    public async Task A_load_balancer_ends_tls_by_the_certificate_that_it_has()
    {
        var (network, _, ip, balancer) = await BalancerAsync("secure");
        (await cloud.ShapeAsync("loadbalancerrule", "listLoadBalancerRules", ("id", balancer)))["protocol"]!.GetValue<string>().ShouldBe("ssl");
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldBeNull("without a certificate the port is closed");

        var first = await cloud.ShapeAsync("sslcert", "uploadSslCert", Upload("first.example.com", out var secret));
        await AssignAsync("assignCertToLoadBalancer", ("lbruleid", balancer), ("certid", first.IdOf()));
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain(
            $"listen {balancer}\n    bind {ip}:443 ssl crt certs/{first.IdOf()}.pem alpn h2,http/1.1\n    mode http\n    balance roundrobin\n"
            + "    option forwardfor\n    http-request set-header X-Forwarded-Proto https\n    http-request set-header X-Forwarded-Port %[dst_port]\n    server ");
        var file = await cloud.RouterFileAsync(network, $"certs/{first.IdOf()}.pem");
        file.ShouldBe(first["certificate"]!.GetValue<string>() + first["certchain"]!.GetValue<string>() + file[file.IndexOf("-----BEGIN PRIVATE KEY", StringComparison.Ordinal)..]);
        file.ShouldContain(secret);
        (await cloud.ShapeAsync("sslcert", "listSslCerts", ("lbruleid", balancer)))["loadbalancerrulelist"]![0]!.GetValue<string>().ShouldBe(balancer);

        var second = await cloud.ShapeAsync("sslcert", "uploadSslCert", Upload("second.example.com", out _));
        (await cloud.RefusedAsync(537, "assignCertToLoadBalancer", ("lbruleid", balancer), ("certid", second.IdOf()))).ShouldContain("forced=true replaces it");
        await AssignAsync("assignCertToLoadBalancer", ("lbruleid", balancer), ("certid", second.IdOf()), ("forced", "true"));
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldContain($"ssl crt certs/{second.IdOf()}.pem");
        (await cloud.RouterFileAsync(network, $"certs/{first.IdOf()}.pem")).ShouldBeNull("nobody serves it any more");

        (await cloud.CallAsync("deleteSslCert", ("id", first.IdOf()))).ShouldBe(200);
        (await cloud.RefusedAsync(536, "deleteSslCert", ("id", second.IdOf()))).ShouldContain("Load balancers serve this certificate (secure)");
        await AssignAsync("removeCertFromLoadBalancer", ("lbruleid", balancer));
        (await cloud.RefusedAsync(431, "removeCertFromLoadBalancer", ("lbruleid", balancer))).ShouldContain("has no certificate");
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldBeNull();
        (await cloud.CallAsync("deleteSslCert", ("id", second.IdOf()))).ShouldBe(200);
        await cloud.ShouldBeCleanAsync();
    }

    [Fact]
    public async Task A_key_is_told_to_nobody()
    {
        cloud.Logs.Lines = new();
        var upload = Upload("told.example.com", out var secret);
        var made = (await cloud.CallAsync("uploadSslCert", upload)).ShouldBe(200);
        made.Text.ShouldNotContain(secret);
        var id = made.Body["sslcert"]!["id"]!.GetValue<string>();
        foreach (var (command, parameters) in new (string, (string, string)[])[]
        {
            ("listSslCerts", [("certid", id)]), ("listSslCerts", []), ("listEvents", []), ("listAsyncJobs", []),
        })
            (await cloud.CallAsync(command, parameters)).ShouldBe(200).Text.ShouldNotContain(secret);
        cloud.Logs.Lines.ShouldNotBeEmpty();
        cloud.Logs.Lines.ShouldAllBe(line => !line.Contains(secret));
        await using var db = cloud.Open();
        var key = db.Set<SslCertificate>().Single(c => c.Id == new Id<SslCertificate>(Guid.Parse(id))).WrappedKey;
        Encoding.Latin1.GetString(key).ShouldNotContain("PRIVATE");
        (await cloud.RefusedAsync(431, "uploadSslCert", [.. upload.Where(p => p.Item1 != "certchain"), ("certchain", "nonsense")])).ShouldNotContain(secret);
        (await cloud.CallAsync("listSslCerts", ("keyword", "TOLD"))).ShouldBe(200).Body["count"]!.GetValue<int>().ShouldBe(1);
        (await cloud.CallAsync("deleteSslCert", ("id", id))).ShouldBe(200);
    }

    [Fact]
    public async Task Others_certificates_are_like_none()
    {
        var (_, _, _, balancer) = await BalancerAsync("plain", "tcp");
        var mine = await cloud.ShapeAsync("sslcert", "uploadSslCert", Upload("mine.example.com", out _));
        (await cloud.RefusedAsync(431, "assignCertToLoadBalancer", ("lbruleid", balancer), ("certid", mine.IdOf()))).ShouldContain("made with protocol=ssl");
        var other = await cloud.TenantAsync("stranger-to-certificates");
        var random = Guid.CreateVersion7().ToString();
        foreach (var (command, name) in new[] { ("deleteSslCert", "id"), ("listSslCerts", "certid") })
        {
            var theirs = await cloud.AsAsync(other.Keys, command, (name, mine.IdOf()));
            theirs.Status.ShouldBe(431, theirs.Text);
            theirs.Text.Replace(mine.IdOf(), random, StringComparison.Ordinal).ShouldBe((await cloud.AsAsync(other.Keys, command, (name, random))).Text);
        }
        (await cloud.AsAsync(other.Keys, "listSslCerts")).ShouldBe(200).Body.Count.ShouldBe(0);
        var theirCert = (await cloud.AsAsync(other.Keys, "uploadSslCert", Upload("theirs.example.com", out _))).ShouldBe(200).Body["sslcert"]!["id"]!.GetValue<string>();
        var secure = await BalancerAsync("secure-mine");
        (await cloud.RefusedAsync(431, "assignCertToLoadBalancer", ("lbruleid", secure.Id), ("certid", theirCert))).ShouldContain("different accounts");
        (await cloud.CallAsync("listSslCerts", ("certid", theirCert))).ShouldBe(200).Body["sslcert"]![0]!["account"]!.GetValue<string>().ShouldBe("stranger-to-certificates");
    }
}
