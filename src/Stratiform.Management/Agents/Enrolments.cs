using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Management.Api;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Agents;

/// <summary>
/// Gives agents at <c>https:</c> addresses their certificates. The first goes to whom the join token names: the server speaks to
/// nobody but the owner of that key, and the agent obeys nobody but who knows the secret. Later ones go over the connection that
/// the one before protects. An agent of this cloud needs no token, so asking again does no harm.
/// </summary>
public sealed class Enrolments(CloudAuthority authority, AgentConnections connections, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Makes the agent at the address one of this cloud.</summary>
    /// <exception cref="CloudException">It cannot be enrolled, and why.</exception>
    /// <exception cref="TransientException">Its answer was lost; asked again it may be enrolled already.</exception>
    public async Task EnrolAsync(Uri address, JoinToken? token, CancellationToken ct)
    {
        var cloud = await authority.OpenAsync(ct);
        var (agent, errors) = await LookAsync(address, cloud, ct);
        using var _ = agent;
        if (errors == SslPolicyErrors.None) return;
        RequireNew(agent, address, token, cloud, errors);
        using var certificate = cloud.Issue(agent.PublicKey, address, clock.GetUtcNow());
        var handshake = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 same && IsFor(token, same),
        };
        using var peer = AgentConnections.Connect(address, handshake);
        await SendAsync(peer, address, new(certificate.RawData, cloud.Certificate, token!.Secret), ct);
    }

    /// <summary>Gives an agent a new certificate when less than a third is left of the one it showed.</summary>
    /// <returns>True when it got one.</returns>
    public async Task<bool> RenewIfDueAsync(Uri address, CancellationToken ct)
    {
        if (connections.ShownBy(address) is not { } shown || !SigningAuthority.IsDueForRenewal(shown, clock.GetUtcNow())) return false;
        var cloud = await authority.OpenAsync(ct);
        var certificate = cloud.Issue(shown.PublicKey, address, clock.GetUtcNow());
        var (peer, _) = await connections.ToAsync(address, ct);
        await SendAsync(peer, address, new(certificate.RawData, cloud.Certificate), ct);
        connections.Note(address, certificate);
        return true;
    }

    private static bool IsFor(JoinToken? token, X509Certificate2 agent) =>
        token?.Names(agent.PublicKey.ExportSubjectPublicKeyInfo()) == true;

    // Nothing is sent here that is worth anything: what the other side shows is looked at, and decides what to do.
    private static async Task<(X509Certificate2 Agent, SslPolicyErrors Errors)> LookAsync(
        Uri address, SigningAuthority cloud, CancellationToken ct)
    {
        X509Certificate2? seen = null;
        var verdict = SslPolicyErrors.RemoteCertificateNotAvailable;
        var handshake = cloud.Handshake();
        handshake.TargetHost = address.IdnHost;
        handshake.ApplicationProtocols = [SslApplicationProtocol.Http2];
        handshake.RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
        {
            if (certificate is null) return false;
            (seen, verdict) = (X509CertificateLoader.LoadCertificate(certificate.GetRawCertData()), errors);
            return true;
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(address.IdnHost, address.Port, limit.Token);
            await using var stream = new SslStream(socket.GetStream());
            await stream.AuthenticateAsClientAsync(handshake, limit.Token);
            return (seen!, verdict);
        }
        catch (SocketException away)
        {
            throw Refusal.Unavailable($"Nobody answers at {address}: {away.Message}. Is the agent running, and does it listen there?");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Refusal.Unavailable(
                $"Nobody answers at {address} within {Patience.TotalSeconds:0} s. Is the agent running, and does it listen there?");
        }
        catch (Exception other) when (other is AuthenticationException or IOException)
        {
            throw Refusal.Unavailable($"What listens at {address} is no agent at https: it does not speak TLS 1.3 ({other.Message}).");
        }
    }

    private static void RequireNew(X509Certificate2 agent, Uri address, JoinToken? token, SigningAuthority cloud, SslPolicyErrors errors)
    {
        var isFresh = agent.SubjectName.RawData.AsSpan().SequenceEqual(agent.IssuerName.RawData);
        const string anew =
            "On the host stop the agent, delete tls in its state folder, start it and print a token by join; add the host with that.";
        if (errors == SslPolicyErrors.RemoteCertificateNameMismatch)
            throw Refusal.Parameter($"The agent at {address} is of this cloud, under another name. Add it under that name; or: {anew}");
        if (!isFresh && cloud.IsNamedBy(agent))
            throw Refusal.Parameter($"The certificate of the agent at {address} no longer holds (it ends {agent.NotAfter.ToUniversalTime():u}). {anew}");
        if (!isFresh && IsFor(token, agent))
            throw Refusal.InUse($"The agent at {address} belongs to another cloud, {agent.Issuer}. Remove the host there. {anew}");
        if (token is null)
        {
            throw Refusal.Parameter($"What listens at {address} has no certificate of this cloud. A new host's join token is given as "
                + "password; Stratiform.Agent join --config FILE prints it on the host.");
        }
        if (!IsFor(token, agent))
        {
            throw Refusal.Parameter($"What listens at {address} has another key than the agent that the join token is for: the token is "
                + "another host's or out of date, or something stands in between. Nothing was sent. Print the token by join on that host.");
        }
    }

    private static async Task SendAsync(HttpMessageInvoker peer, Uri address, Enrolment enrolment, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, Wire.EnrolPath))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = JsonContent.Create(enrolment, options: ProtocolJson.Options),
        };
        try
        {
            using var response = await peer.SendAsync(request, limit.Token);
            if (response.IsSuccessStatusCode) return;
            var error = await response.Content.ReadFromJsonAsync<HostError>(ProtocolJson.Options, limit.Token);
            throw Refusal.Parameter($"The agent at {address} refuses to be enrolled: {error?.Text ?? $"HTTP {(int)response.StatusCode}"}");
        }
        catch (Exception away) when (away is HttpRequestException or IOException or System.Text.Json.JsonException)
        {
            throw new TransientException($"the agent at {address} broke off while it was enrolled: {AgentConnections.Reason(away)}", away);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TransientException($"the agent at {address} did not answer within {Patience.TotalSeconds:0} s", late);
        }
    }
}
