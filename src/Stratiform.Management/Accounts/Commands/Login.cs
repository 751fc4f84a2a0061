using System.ComponentModel;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Opens a session.</summary>
[Command("Opens a session by name and password; later calls carry its two cookies and its key", AllowedTo.Anonymous, Flat = true, PostOnly = true)]
internal sealed record Login : ICommand<LoginAnswer>
{
    [Description("The user's name")]
    public required string UserName { get; init; }

    [Description("The user's password")]
    public required string Password { get; init; }

    [Description("The path of the user's domain, as /a/b; ROOT if it is left out")]
    public string? Domain { get; init; }

    [Description("The user's domain, instead of its path")]
    public Id<Domain>? DomainId { get; init; }
}

/// <summary>What a client learns when a session opens.</summary>
internal sealed record LoginAnswer
{
    [Description("The user's name")]
    public required string UserName { get; init; }

    [Description("The user")]
    public required Id<User> UserId { get; init; }

    [Description("The user's domain")]
    public required Id<Domain> DomainId { get; init; }

    [Description("Seconds without a call after which the session ends")]
    public required int Timeout { get; init; }

    [Description("The name of the user's account")]
    public required string Account { get; init; }

    [Description("First name")]
    public required string FirstName { get; init; }

    [Description("Last name")]
    public required string LastName { get; init; }

    [Description("0 user, 1 root administrator, 2 domain administrator, 3 resource administrator")]
    public required string Type { get; init; }

    [Description("In which clients show times to the user, as Europe/Berlin")]
    public string? TimeZone { get; init; }

    [Description("Always false; older clients expect it")]
    public string Registered { get; init; } = "false";

    [Description("The key that every later call of the session sends as a parameter")]
    public required string SessionKey { get; init; }

    [Description("Whether a second factor is asked for")]
    public string Is2faEnabled { get; init; } = "false";

    [Description("Whether the second factor was given, or none is asked for")]
    public string Is2faVerified { get; init; } = "true";
}

internal sealed class LoginHandler(
    CloudDb db, Passwords passwords, SessionCookies cookies, LiveSettings settings, EventLog events, TimeProvider time)
    : IHandle<Login, LoginAnswer>
{
    public async Task<LoginAnswer> HandleAsync(Login command, Caller caller, CancellationToken ct)
    {
        var path = PathOf(command.Domain);
        var domain = await db.Set<Domain>().AsNoTracking()
            .SingleOrDefaultAsync(d => command.DomainId == null ? d.Path == path : d.Id == command.DomainId, ct);
        var user = domain is null ? null : await db.Set<User>().AsNoTracking()
            .SingleOrDefaultAsync(u => u.DomainId == domain.Id && u.Name == command.UserName, ct);
        var account = user is null ? null : await db.Set<Account>().AsNoTracking().SingleAsync(a => a.Id == user.AccountId, ct);
        var fits = passwords.Fits(command.Password, user?.PasswordHash);
        if (user is null || account is null) throw Failed(command, path);
        if (!fits) await LoginAttempts.CountAsync(db, settings, user.Id, ct);
        if (!fits || user.State != AccountState.Enabled || account.State != AccountState.Enabled) throw Failed(command, path);
        if (user.FailedLogins > 0)
            await db.Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.FailedLogins, 0), ct);
        await db.Set<Session>().Where(session => session.EndsAt <= time.GetUtcNow()).ExecuteDeleteAsync(ct);
        events.Add(Caller.Of(user, account), AccountEvents.LoggedIn, $"User {user.Name} logged in", nameof(User), user.Id.Value, user.Name);
        return Open(user, account);
    }

    private LoginAnswer Open(User user, Account account)
    {
        var tokens = SessionTokens.Draw();
        var timeout = TimeSpan.FromMinutes(settings.Get(ApiSettings.SessionMinutes));
        db.Add(new Session(user.Id, tokens, time.GetUtcNow(), timeout));
        cookies.Set(tokens);
        return new()
        {
            UserName = user.Name,
            UserId = user.Id,
            DomainId = user.DomainId,
            Timeout = (int)timeout.TotalSeconds,
            Account = account.Name,
            FirstName = user.FirstName,
            LastName = user.LastName,
            TimeZone = user.TimeZone,
            Type = account.WireType.ToString(CultureInfo.InvariantCulture),
            SessionKey = tokens.Key,
        };
    }

    private static string PathOf(string? domain)
    {
        var trimmed = domain?.Trim('/') ?? "";
        return trimmed.Length == 0 ? "/" : "/" + trimmed + "/";
    }

    private static CloudException Failed(Login command, string path) => new(
        531,
        $"Failed to authenticate user {command.UserName} in domain {command.DomainId?.ToString() ?? path}; please provide valid credentials",
        Refusal.NoClassCode);
}
