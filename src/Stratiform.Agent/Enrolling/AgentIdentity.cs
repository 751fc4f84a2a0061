using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Stratiform.Protocol;

namespace Stratiform.Agent.Enrolling;

/// <summary>
/// Who the agent is to those who connect over a network, and who they must be. Before it is enrolled it shows a certificate that it
/// signed itself, asks for none, and obeys nothing but the <see cref="Enrolment"/>. From then on it shows the one of its cloud's
/// authority, and no connection comes about without a server's certificate of the same authority.
/// </summary>
internal sealed partial class AgentIdentity : IDisposable
{
    // 128 bits are not guessed; who fails so often is either confused or not welcome.
    private const int Tries = 10;

    private readonly IdentityFolder _folder;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;
    private volatile Shown _shown;
    private int _wrong;

    /// <summary>Takes up the identity in the folder.</summary>
    public AgentIdentity(IdentityFolder folder, TimeProvider time, ILogger<AgentIdentity> log)
    {
        (_folder, _log, _key) = (folder, log, folder.ReadKey());
        _publicKey = _key.ExportSubjectPublicKeyInfo();
        if (folder.ReadCertificates() is { } mine)
        {
            _shown = Enrolled(mine.Own, mine.Authority);
            // A crash came between the two files.
            folder.DropToken();
            Log.Belongs(log, mine.Authority.Subject, mine.Own.NotAfter);
        }
        else
        {
            _shown = new(SslStreamCertificateContext.Create(SelfSigned(time.GetUtcNow()), null, offline: true), null);
            Log.BelongsToNone(log);
        }
    }

    /// <summary>How the next connection is shaken hands with.</summary>
    public SslServerAuthenticationOptions Handshake()
    {
        var shown = _shown;
        var options = new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls13,
            ServerCertificateContext = shown.Context,
            // A session of the time before the enrolment must not be resumed after it.
            AllowTlsResume = false,
        };
        if (shown.Authority is not { } authority) return options;
        options.ClientCertificateRequired = true;
        options.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            ApplicationPolicy = { new Oid(CloudCertificates.ClientAuthentication) },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        options.RemoteCertificateValidationCallback = static (_, certificate, _, errors) =>
            errors == SslPolicyErrors.None && certificate is X509Certificate2 server
            && server.GetNameInfo(X509NameType.SimpleName, forIssuer: false) == CloudCertificates.ServerName;
        return options;
    }

    /// <summary>Takes over a certificate: the first by the token's secret, later ones from a server of the same cloud.</summary>
    /// <param name="asked">What was sent.</param>
    /// <param name="byServer">The connection came about with a certificate of a server of the agent's cloud.</param>
    /// <exception cref="HostException">Who asks may not, or the certificate is not for this agent.</exception>
    public void Enrol(Enrolment asked, bool byServer)
    {
        lock (_gate)
        {
            if (!byServer) RequireSecret(asked.Secret ?? []);
            var (own, authority) = Read(asked);
            if (_shown.Authority is { } before && !before.RawDataMemory.Span.SequenceEqual(authority.RawDataMemory.Span))
                throw BelongsTo(before);
            _folder.WriteCertificates(own, authority);
            _folder.DropToken();
            _shown = Enrolled(own, authority);
            Log.Belongs(_log, authority.Subject, own.NotAfter);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static HostException Forbidden(string text) => new(HostErrorCode.Forbidden, text);

    private HostException BelongsTo(X509Certificate2 authority) => Forbidden(
        $"it belongs to {authority.Subject} already. To give it to another cloud remove it from that one, stop the agent, "
        + $"delete {_folder.Path}, start the agent and print a new token by join.");

    private void RequireSecret(byte[] secret)
    {
        if (_shown.Authority is { } authority) throw BelongsTo(authority);
        if (_folder.ReadToken() is not { } token) throw Forbidden("it has no join token that may still be used. Print one by join on that host.");
        if (CryptographicOperations.FixedTimeEquals(token.Secret, secret)) return;
        if (++_wrong < Tries) throw Forbidden("its join token is another one. Print it by join on that host.");
        _wrong = 0;
        _folder.DropToken();
        Log.TooManyTries(_log);
        throw Forbidden("after too many tries its join token is void. Print a new one by join on that host.");
    }

    private (X509Certificate2 Own, X509Certificate2 Authority) Read(Enrolment asked)
    {
        X509Certificate2 own, authority;
        try
        {
            own = X509CertificateLoader.LoadCertificate(asked.Certificate);
            authority = X509CertificateLoader.LoadCertificate(asked.Authority);
        }
        catch (CryptographicException error)
        {
            throw new HostException(HostErrorCode.Invalid, $"a certificate cannot be read: {error.Message}");
        }
        if (!own.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_publicKey))
            throw new HostException(HostErrorCode.Invalid, "the certificate is for another key.");
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(CloudCertificates.ServerAuthentication));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (!chain.Build(own))
        {
            var why = string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim()));
            throw new HostException(HostErrorCode.Invalid, $"the certificate does not hold here: {why}");
        }
        return (own, authority);
    }

    private Shown Enrolled(X509Certificate2 own, X509Certificate2 authority) =>
        new(SslStreamCertificateContext.Create(own.CopyWithPrivateKey(_key), [authority], offline: true), authority);

    private X509Certificate2 SelfSigned(DateTimeOffset now)
    {
        var request = new CertificateRequest("CN=Stratiform agent without a cloud", _key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(20));
    }

    private sealed record Shown(SslStreamCertificateContext Context, X509Certificate2? Authority);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "This host belongs to {Authority}; its certificate holds until {End:yyyy-MM-dd}")]
        public static partial void Belongs(ILogger logger, string authority, DateTime end);

        [LoggerMessage(
            Level = LogLevel.Information, Message = "This host belongs to no cloud yet: join prints the token that addHost takes as its password")]
        public static partial void BelongsToNone(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The join token is void after too many wrong ones; join prints a new one")]
        public static partial void TooManyTries(ILogger logger);
    }
}
