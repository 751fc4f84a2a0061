using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>How users come and how their sessions end, for the commands that have to do with users and accounts.</summary>
internal sealed class Users(CloudDb db, Passwords passwords, CommandCommit commit, TimeProvider clock)
{
    /// <summary>Adds a user to an account.</summary>
    /// <exception cref="Workflows.CloudException">The name is taken in the domain, or there is no such time zone (431).</exception>
    public async Task<User> AddAsync(INewUser wanted, Account account, CancellationToken ct)
    {
        await TenantNames.RequireFreeUserAsync(db, wanted.UserName, account.DomainId, ct);
        var user = new User(wanted.UserName, account, clock.GetUtcNow())
        {
            FirstName = wanted.FirstName,
            LastName = wanted.LastName,
            Email = wanted.Email,
            TimeZone = RequireTimeZone(wanted.TimeZone),
            PasswordHash = passwords.Hash(wanted.Password),
        };
        db.Add(user);
        return user;
    }

    /// <summary>Ends a user's sessions with the command's commit.</summary>
    /// <param name="user">The user.</param>
    /// <param name="but">The token of one that goes on.</param>
    public void EndSessions(Id<User> user, string? but = null)
    {
        var kept = but is null ? [] : Session.HashOf(but);
        commit.Add((into, ct) => into.Set<Session>().Where(s => s.UserId == user && s.TokenHash != kept).ExecuteDeleteAsync(ct));
    }

    /// <summary>Ends the sessions of all users of an account with the command's commit.</summary>
    public void EndSessions(Id<Account> account) => commit.Add((into, ct) => into.Set<Session>()
        .Where(s => into.Set<User>().IgnoreQueryFilters().Any(u => u.Id == s.UserId && u.AccountId == account)).ExecuteDeleteAsync(ct));

    /// <summary>Refuses a time zone that nobody knows.</summary>
    /// <exception cref="Workflows.CloudException">It is none (431).</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static string? RequireTimeZone(string? name) => name is null || TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
        ? name
        : throw Refusal.Parameter("timezone is no time zone; give one as Europe/Berlin or Etc/UTC.");
}

/// <summary>What is said of a user that is to come.</summary>
internal interface INewUser
{
    string UserName { get; }
    string Password { get; }
    string FirstName { get; }
    string LastName { get; }
    string Email { get; }
    string? TimeZone { get; }
}
