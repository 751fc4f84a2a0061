using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;

namespace Stratiform.Management.Api;

/// <summary>
/// Finds out who asks: by signature, by session, or not at all. Every failure looks the same from outside, so nobody learns
/// which users or keys exist.
/// </summary>
internal sealed class Authentication(CloudDb db, ApiKeys keys, SessionCookies cookies, LiveSettings settings, TimeProvider time)
{
    private static readonly TimeSpan _sessionIsSeenEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longestExpiry = TimeSpan.FromMinutes(15);

    /// <summary>Who asks; <see cref="Caller.Nobody"/> when the request tries no proof.</summary>
    /// <exception cref="Workflows.CloudException">A proof was tried and does not hold (401).</exception>
    public async Task<Caller> IdentifyAsync(ApiRequest request, CancellationToken ct)
    {
        if (request["apikey"] is not null || request["signature"] is not null) return await BySignatureAsync(request, ct);
        return cookies.Token is null ? Caller.Nobody : await BySessionAsync(request, cookies.Token, ct);
    }

    /// <summary>The cloud itself, for the listener that trusts whoever reaches it.</summary>
    public async Task<Caller> SystemAsync(CancellationToken ct)
    {
        var row = await Rows(db.Set<User>().Where(user => user.AccountId == Bootstrap.SystemAccountId)).FirstOrDefaultAsync(ct);
        return row?.CallerBy(Proof.IntegrationListener) ?? throw Refusal.Credentials();
    }

    private async Task<Caller> BySignatureAsync(ApiRequest request, CancellationToken ct)
    {
        if (request["apikey"] is not { Length: > 0 } apiKey || request["signature"] is not { Length: > 0 } signature) throw Refusal.Credentials();
        if (!MayStillBeUsed(request)) throw Refusal.Credentials();
        var row = await Rows(db.Set<User>().Where(user => user.ApiKey == apiKey)).SingleOrDefaultAsync(ct);
        if (row is not { MayAct: true, WrappedSecretKey: { } wrapped }) throw Refusal.Credentials();
        if (!Signature.Verifies(request.Sent, keys.SecretOf(wrapped), signature)) throw Refusal.Credentials();
        return row.CallerBy(Proof.Signature);
    }

    private bool MayStillBeUsed(ApiRequest request)
    {
        var strict = settings.Get(ApiSettings.EnforcePost);
        if (request["signatureversion"] != "3") return !strict;
        if (request["expires"] is not { } expires || !WireDate.TryRead(expires, endOfDay: false, out var date)) return false;
        return date > time.GetUtcNow() && (!strict || date <= time.GetUtcNow() + _longestExpiry);
    }

    private async Task<Caller> BySessionAsync(ApiRequest request, string token, CancellationToken ct)
    {
        var hash = Session.HashOf(token);
        var now = time.GetUtcNow();
        var session = await db.Set<Session>().AsNoTracking().SingleOrDefaultAsync(s => s.TokenHash == hash && s.EndsAt > now, ct);
        if (session is null) return Caller.Nobody;
        var row = await Rows(db.Set<User>().Where(user => user.Id == session.UserId)).SingleOrDefaultAsync(ct);
        if (row is not { MayAct: true } || !HoldsKey(session, request["sessionkey"]))
        {
            await db.Set<Session>().Where(s => s.TokenHash == hash).ExecuteDeleteAsync(ct);
            cookies.Clear();
            throw Refusal.Session();
        }
        if (now - session.SeenAt >= _sessionIsSeenEvery) await ProlongAsync(hash, now, ct);
        return row.CallerBy(Proof.Session);
    }

    private bool HoldsKey(Session session, string? parameter) => settings.Get(ApiSettings.SessionKeyLocations) switch
    {
        SessionKeyPlaces.Parameter => Is(session.KeyHash, parameter),
        SessionKeyPlaces.Either => Is(session.KeyHash, parameter ?? cookies.Key),
        _ => Is(session.KeyHash, cookies.Key) && Is(session.KeyHash, parameter),
    };

    private static bool Is(byte[] hash, string? key) =>
        key is not null && System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(hash, Session.HashOf(key));

    private Task<int> ProlongAsync(byte[] hash, DateTimeOffset now, CancellationToken ct)
    {
        var end = now.AddMinutes(settings.Get(ApiSettings.SessionMinutes));
        return db.Set<Session>().Where(s => s.TokenHash == hash)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.SeenAt, now).SetProperty(s => s.EndsAt, end), ct);
    }

    private IQueryable<Found> Rows(IQueryable<User> users) =>
        from user in users
        join account in db.Set<Account>() on user.AccountId equals account.Id
        join domain in db.Set<Domain>() on account.DomainId equals domain.Id
        select new Found(user.Id, account.Id, account.Name, domain.Id, domain.Path, account.Role, account.RoleId, user.WrappedSecretKey, user.State, account.State);

    private sealed record Found(
        Protocol.Id<User> UserId, Protocol.Id<Account> AccountId, string AccountName, Protocol.Id<Domain> DomainId, string DomainPath,
        AllowedTo Role, Protocol.Id<Role> RoleId, byte[]? WrappedSecretKey, AccountState UserState, AccountState AccountState)
    {
        public bool MayAct => UserState == AccountState.Enabled && AccountState == AccountState.Enabled;

        public Caller CallerBy(Proof proof) => new(UserId, AccountId, DomainId, DomainPath, Role) { AccountName = AccountName, RoleId = RoleId, Proof = proof };
    }
}
