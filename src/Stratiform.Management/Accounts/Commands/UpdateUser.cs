using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Changes what is said of a user, or the password.</summary>
[Command("Updates a user", AllowedTo.Everyone)]
internal sealed record UpdateUser : ICommand<Shown<UserWire>>
{
    [Description("The user")]
    public required Id<User> Id { get; init; }

    [Description("A new name to log in under")]
    public string? UserName { get; init; }

    [Description("First name")]
    public string? FirstName { get; init; }

    [Description("Last name")]
    public string? LastName { get; init; }

    [Description("Mail address")]
    public string? Email { get; init; }

    [Description("In which clients show times to the user, as Europe/Berlin")]
    public string? TimeZone { get; init; }

    [Description("A new password; the user's other sessions end")]
    public string? Password { get; init; }

    [Description("With password: the one until now; administrators need not give it")]
    public string? CurrentPassword { get; init; }
}

internal sealed class UpdateUserHandler(
    CloudDb db, Authority authority, Users users, Passwords passwords, SessionCookies cookies, LiveSettings settings) : IHandle<UpdateUser, Shown<UserWire>>
{
    public async Task<Shown<UserWire>> HandleAsync(UpdateUser command, Caller caller, CancellationToken ct)
    {
        var user = await authority.FindUserAsync(caller, command.Id, ct);
        if (command.UserName is { } name && name != user.Name)
        {
            await TenantNames.RequireFreeUserAsync(db, name, user.DomainId, ct);
            user.Name = name;
        }
        user.FirstName = command.FirstName ?? user.FirstName;
        user.LastName = command.LastName ?? user.LastName;
        user.Email = command.Email ?? user.Email;
        user.TimeZone = Users.RequireTimeZone(command.TimeZone) ?? user.TimeZone;
        if (command.Password is { } password) await ChangePasswordAsync(user, password, command.CurrentPassword, caller, ct);
        return new(user.Id.Value);
    }

    private async Task ChangePasswordAsync(User user, string password, string? current, Caller caller, CancellationToken ct)
    {
        if (!caller.IsRootAdmin && caller.Role != AllowedTo.DomainAdmin)
        {
            if (current is null) throw Refusal.Parameter("Give the password until now as currentpassword.");
            if (!passwords.Fits(current, user.PasswordHash))
            {
                await LoginAttempts.CountAsync(db, settings, user.Id, ct);
                throw Refusal.Parameter("currentpassword is not the user's password.");
            }
        }
        user.PasswordHash = passwords.Hash(password);
        users.EndSessions(user.Id, but: caller.Proof == Proof.Session && user.Id == caller.UserId ? cookies.Token : null);
    }
}
