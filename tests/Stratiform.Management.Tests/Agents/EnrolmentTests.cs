using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Tests.Api;
using Stratiform.Management.Tests.Simulated;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Agents;

/// <summary>Hosts across a network: real TLS between a whole server and the real agent.</summary>
public sealed class EnrolmentTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Fact]
    public async Task A_host_is_enrolled_by_its_token_called_and_watched()
    {
        await using var agent = await NetworkAgent.StartAsync();
        cloud.Logs.Lines = [];
        var token = await agent.JoinAsync();
        var host = (await AddAsync(agent.Address, token)).ShouldBe(200).Body["host"]!.AsArray().Single()!;
        host["name"]!.GetValue<string>().ShouldStartWith("net-");
        await ShouldBeAsync(agent, HostState.Up);
        var events = HostWatch.ReadAsync(cloud.Service<AgentConnections>(), agent.Address, CancellationToken.None);
        await foreach (var seen in events)
        {
            seen.Kind.ShouldBe(WatchKind.Snapshot);
            break;
        }

        var secret = token.Split('.')[1];
        string.Join('\n', cloud.Logs.Lines).ShouldNotContain(secret);
        cloud.Logs.Lines = null;
        string.Join('\n', agent.Logs.Lines!).ShouldContain("This host belongs to CN=Stratiform cloud");
        string.Join('\n', agent.Logs.Lines!).ShouldNotContain(secret);
        await using var db = cloud.Open();
        var rows = await db.Database.SqlQuery<string>($"SELECT row_to_json(workflow)::text AS \"Value\" FROM workflow").ToListAsync();
        rows.ShouldNotBeEmpty();
        rows.Count(row => row.Contains(secret, StringComparison.Ordinal)).ShouldBe(0);
        rows.Count(row => row.Contains("\"joinToken\": \"", StringComparison.Ordinal)).ShouldBe(0);
        (await cloud.CallAsync("listHosts")).Text.ShouldNotContain(secret);
    }

    [Fact]
    public async Task An_enrolled_agent_answers_nobody_without_a_servers_certificate_of_its_cloud()
    {
        await using var agent = await NetworkAgent.StartAsync();
        (await AddAsync(agent.Address, await agent.JoinAsync())).ShouldBe(200);
        using var another = NewAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = (await OurAuthorityAsync()).Issue(new PublicKey(key), agent.Address, TimeProvider.System.GetUtcNow());
        using var agents = bare.CopyWithPrivateKey(key);
        SslStreamCertificateContext?[] shown =
        [
            null,
            another.Handshake().ClientCertificateContext,
            SslStreamCertificateContext.Create(agents, null, offline: true),
        ];
        foreach (var own in shown)
        {
            using var client = agent.Client(own);
            await Should.ThrowAsync<HttpRequestException>(() => agent.AskAsync(client));
        }
        using var server = agent.Client((await OurAuthorityAsync()).Handshake().ClientCertificateContext);
        (await agent.AskAsync(server)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_connection_of_the_time_before_carries_no_message()
    {
        await using var agent = await NetworkAgent.StartAsync();
        using var early = agent.Client();
        (await agent.AskAsync(early)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AddAsync(agent.Address, await agent.JoinAsync())).ShouldBe(200);
        (await agent.AskAsync(early)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_server_speaks_to_no_agent_of_another_name_or_cloud()
    {
        using var another = NewAuthority();
        await using var ours = await NetworkAgent.StartAsync();
        await using var theirs = await NetworkAgent.StartAsync();
        await using var fresh = await NetworkAgent.StartAsync();
        var elsewhere = new Uri("https://host.example:1");
        (await ours.EnrolAsync(await OurAuthorityAsync(), await SecretAsync(ours), elsewhere)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await theirs.EnrolAsync(another, await SecretAsync(theirs))).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var agent in new[] { ours, theirs, fresh })
        {
            var (peer, root) = await cloud.Service<AgentConnections>().ToAsync(agent.Address, CancellationToken.None);
            root.ShouldBe(agent.Address);
            var refused = await Should.ThrowAsync<HttpRequestException>(() => agent.AskAsync(peer));
            refused.InnerException.ShouldBeOfType<System.Security.Authentication.AuthenticationException>();
        }
        (await AddAsync(ours.Address, null)).ShouldBe(431).ErrorText!.ShouldContain("under another name");
    }

    [Fact]
    public async Task A_token_of_another_secret_or_host_enrols_nothing()
    {
        await using var agent = await NetworkAgent.StartAsync();
        await using var other = await NetworkAgent.StartAsync();
        (await AddAsync(agent.Address, null)).ShouldBe(431).ErrorText!.ShouldContain("join token is given as password");
        (await AddAsync(agent.Address, "tr0ub4dor.&3")).ShouldBe(431).ErrorText!.ShouldContain("not a join token");
        (await AddAsync(agent.Address, await other.JoinAsync())).ShouldBe(431).ErrorText!.ShouldContain("another key");
        var token = await agent.JoinAsync();
        var wrong = token.Split('.')[0] + "." + (await other.JoinAsync()).Split('.')[1];
        (await AddAsync(agent.Address, wrong)).ShouldBe(431).ErrorText!.ShouldContain("another one");
        (await agent.JoinAsync()).ShouldBe(token);
        await using var db = cloud.Open();
        (await db.Database.SqlQuery<string>($"SELECT row_to_json(workflow)::text AS \"Value\" FROM workflow").ToListAsync())
            .Count(row => row.Contains("\"joinToken\": \"", StringComparison.Ordinal)).ShouldBe(0);
        (await AddAsync(agent.Address, token)).ShouldBe(200);
        cloud.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_stands_in_between_is_not_told_the_secret()
    {
        await using var agent = await NetworkAgent.StartAsync();
        await using var impostor = await NetworkAgent.StartAsync();
        await impostor.JoinAsync();
        using var between = new TcpListener(IPAddress.Loopback, 0);
        between.Start();
        using var end = new CancellationTokenSource();
        // The first connection, on which the server only looks, goes to the agent; what comes next does not.
        var diverted = DivertAsync(between, [agent.Address, impostor.Address], end.Token);
        (await AddAsync(new Uri($"https://{between.LocalEndpoint}"), await agent.JoinAsync())).ShouldBe(431).ErrorText!.ShouldContain("another key");
        await end.CancelAsync();
        (await diverted).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Ten_wrong_secrets_make_a_token_void()
    {
        await using var agent = await NetworkAgent.StartAsync();
        var token = await agent.JoinAsync();
        using var authority = NewAuthority();
        for (var i = 0; i < 10; i++)
            (await agent.EnrolAsync(authority, RandomNumberGenerator.GetBytes(16))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await AddAsync(agent.Address, token)).ShouldBe(431).ErrorText!.ShouldContain("no join token that may still be used");
        var next = await agent.JoinAsync();
        next.ShouldNotBe(token);
        (await AddAsync(agent.Address, next)).ShouldBe(200);
    }

    [Fact]
    public async Task What_is_no_agent_across_a_network_is_refused_in_words()
    {
        await using var agent = await NetworkAgent.StartAsync();
        var token = await agent.JoinAsync();
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        var closed = new Uri($"https://{deaf.LocalEndpoint}");
        deaf.Stop();
        (await AddAsync(closed, token)).ShouldBe(534).ErrorText!.ShouldContain("Nobody answers");
        var api = new UriBuilder(cloud.Address) { Scheme = "https" }.Uri;
        (await AddAsync(api, token)).ShouldBe(534).ErrorText!.ShouldContain("is no agent");
        (await AddAsync(new Uri(agent.Address, "/path"), token)).ShouldBe(431).ErrorText!.ShouldNotContain(token);
        var tokenInUrl = new UriBuilder(agent.Address) { UserName = "root", Password = token }.Uri;
        (await AddAsync(tokenInUrl, null)).ShouldBe(431).ErrorText!.ShouldNotContain(token);
        await using var db = cloud.Open();
        (await db.Set<Host>().AnyAsync(host => host.Address == closed || host.Address == api)).ShouldBeFalse();
        cloud.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_agent_of_another_cloud_is_refused_and_stays_there()
    {
        await using var agent = await NetworkAgent.StartAsync();
        using var another = NewAuthority();
        var token = await agent.JoinAsync();
        using var early = agent.Client();
        (await agent.AskAsync(early)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await agent.EnrolAsync(another, JoinToken.TryParse(token)!.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = (await AddAsync(agent.Address, token)).ShouldBe(536).ErrorText!;
        refused.ShouldContain(another.Name);
        refused.ShouldContain("print a token by join");
        (await Should.ThrowAsync<InvalidOperationException>(agent.JoinAsync)).Message.ShouldContain("belongs to");

        var ours = await OurAuthorityAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = ours.Issue(new PublicKey(key), agent.Address, TimeProvider.System.GetUtcNow());
        var repeated = new Enrolment(certificate.RawData, ours.Certificate, JoinToken.TryParse(token)!.Secret);
        var spent = await agent.PostAsync(early, Wire.EnrolPath, repeated);
        spent.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await spent.Content.ReadFromJsonAsync<HostError>(ProtocolJson.Options))!.Text.ShouldContain("already");
        using var server = agent.Client(another.Handshake().ClientCertificateContext);
        (await agent.AskAsync(server)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lost_answer_is_made_good_by_asking_again()
    {
        await using var agent = await NetworkAgent.StartAsync();
        var token = await agent.JoinAsync();
        (await agent.EnrolAsync(await OurAuthorityAsync(), JoinToken.TryParse(token)!.Secret)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(agent.Address, token)).ShouldBe(200);
    }

    [Fact]
    public async Task A_certificate_for_another_key_or_of_nobody_is_not_taken()
    {
        await using var agent = await NetworkAgent.StartAsync();
        var secret = await SecretAsync(agent);
        using var one = NewAuthority();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var foreign = one.Issue(new PublicKey(key), agent.Address, TimeProvider.System.GetUtcNow());
        using var client = agent.Client();
        foreach (var enrolment in new[] { new Enrolment(foreign.RawData, one.Certificate, secret), new([1, 2, 3], one.Certificate, secret) })
            (await agent.PostAsync(client, Wire.EnrolPath, enrolment)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await AddAsync(agent.Address, await agent.JoinAsync())).ShouldBe(200);
    }

    [Fact]
    public async Task A_restarted_agent_is_who_it_was()
    {
        await using var agent = await NetworkAgent.StartAsync();
        (await AddAsync(agent.Address, await agent.JoinAsync())).ShouldBe(200);
        await agent.RestartAsync();
        await ShouldBeAsync(agent, HostState.Up);
        var (peer, _) = await cloud.Service<AgentConnections>().ToAsync(agent.Address, CancellationToken.None);
        (await agent.AskAsync(peer)).StatusCode.ShouldBe(HttpStatusCode.OK);
        File.GetUnixFileMode(Path.Combine(agent.TlsFolder, "agent.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Exists(Path.Combine(agent.TlsFolder, "join-token")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_certificate_is_renewed_when_less_than_a_third_of_it_is_left()
    {
        await using var agent = await NetworkAgent.StartAsync();
        var ours = await OurAuthorityAsync();
        var old = TimeProvider.System.GetUtcNow().AddDays(-300);
        (await agent.EnrolAsync(ours, await SecretAsync(agent), at: old)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await AddAsync(agent.Address, null)).ShouldBe(200);
        var connections = cloud.Service<AgentConnections>();
        connections.ShownBy(agent.Address).ShouldNotBeNull();
        await EventuallyAsync("the watch renews the certificate", () => Task.FromResult(connections.ShownBy(agent.Address)!.NotAfter > old.AddDays(400)));
        (await cloud.Service<Enrolments>().RenewIfDueAsync(agent.Address, CancellationToken.None)).ShouldBeFalse();
        await agent.RestartAsync();
        using var again = new AgentConnections(cloud.Service<CloudAuthority>());
        var (peer, _) = await again.ToAsync(agent.Address, CancellationToken.None);
        (await agent.AskAsync(peer)).StatusCode.ShouldBe(HttpStatusCode.OK);
        again.ShownBy(agent.Address)!.RawData.ShouldBe(connections.ShownBy(agent.Address)!.RawData);
    }

    [Fact]
    public async Task Servers_that_start_together_share_one_authority_whose_key_is_wrapped()
    {
        var scopes = cloud.Service<IServiceScopeFactory>();
        var secrets = cloud.Service<Secrets>();
        var servers = Enumerable.Range(0, 4).Select(_ => new CloudAuthority(scopes, secrets, TimeProvider.System)).ToList();
        var opened = await Task.WhenAll(servers.Select(async server => await server.OpenAsync(CancellationToken.None)));
        opened.Select(authority => Convert.ToHexString(authority.Certificate)).Distinct().Count().ShouldBe(1);
        await using var db = cloud.Open();
        var row = await db.Set<CertificateAuthority>().SingleAsync();
        using var key = ECDsa.Create();
        Should.Throw<CryptographicException>(() => key.ImportPkcs8PrivateKey(row.WrappedKey, out _));
        key.ImportPkcs8PrivateKey(secrets.Unwrap(row.WrappedKey), out _);
        servers.ForEach(server => server.Dispose());
    }

    private static async Task<int> DivertAsync(TcpListener between, Uri[] targets, CancellationToken ct)
    {
        var count = 0;
        try
        {
            while (true)
            {
                var near = await between.AcceptTcpClientAsync(ct);
                var target = targets[Math.Min(count++, targets.Length - 1)];
                _ = PipeAsync(near, target, ct);
            }
        }
        catch (OperationCanceledException)
        {
            return count;
        }
    }

    private static async Task PipeAsync(TcpClient near, Uri target, CancellationToken ct)
    {
        using var far = new TcpClient();
        using (near)
        {
            await far.ConnectAsync(target.Host, target.Port, ct);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream(), ct), far.GetStream().CopyToAsync(near.GetStream(), ct));
        }
    }

    private static SigningAuthority NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new(SigningAuthority.Certify(key, now), now);
    }

    private static async Task<byte[]> SecretAsync(NetworkAgent agent) => JoinToken.TryParse(await agent.JoinAsync())!.Secret;

    private async Task<SigningAuthority> OurAuthorityAsync() => await cloud.Service<CloudAuthority>().OpenAsync(CancellationToken.None);

    private async Task<Reply> AddAsync(Uri address, string? token)
    {
        await using var db = cloud.Open();
        var cluster = await db.Set<Cluster>().SingleAsync();
        (string Name, string Value)[] parameters =
        [
            ("zoneid", cloud.Zone), ("podid", cluster.PodId.ToString()), ("clusterid", cluster.Id.ToString()), ("hypervisor", "Simulator"),
            ("url", address.ToString()),
        ];
        return await cloud.CallAsync("addHost", token is null ? parameters : [.. parameters, ("password", token)]);
    }

    private Task ShouldBeAsync(NetworkAgent agent, HostState state) => EventuallyAsync($"{agent.Address} becomes {state}", async () =>
    {
        await using var db = cloud.Open();
        return await (
            from host in db.Set<Host>()
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where host.Address == agent.Address && sight.State == state
            select host).AnyAsync();
    });

    private static async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        for (var i = 0; i < 4000; i++)
        {
            if (await holds()) return;
            await Task.Delay(25, CancellationToken.None);
        }
        throw new TimeoutException($"It does not come true that {what}.");
    }
}
