using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Ends the session of the cookies that come with the call.</summary>
[Command("Ends the session", AllowedTo.Anonymous, Flat = true)]
internal sealed record Logout : ICommand<LogoutAnswer>;

/// <summary>That the session is over.</summary>
internal sealed record LogoutAnswer
{
    [Description("Always success: who has no session is logged out already")]
    public string Description { get; init; } = "success";
}

internal sealed class LogoutHandler(CloudDb db, SessionCookies cookies) : IHandle<Logout, LogoutAnswer>
{
    public async Task<LogoutAnswer> HandleAsync(Logout command, Caller caller, CancellationToken ct)
    {
        if (cookies.Token is { } token)
        {
            var hash = Session.HashOf(token);
            await db.Set<Session>().Where(session => session.TokenHash == hash).ExecuteDeleteAsync(ct);
        }
        cookies.Clear();
        return new();
    }
}
