using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Adds a user to an account.</summary>
[Command("Creates a user of an account", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record CreateUser : ICommand<Shown<UserWire>>, INewUser
{
    [Description("The account's name")]
    public required string Account { get; init; }

    [Description("The account's domain; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }

    [Description("The name under which the user logs in; nobody else of the domain has it")]
    public required string UserName { get; init; }

    [Description("The user's password")]
    public required string Password { get; init; }

    [Description("First name")]
    public required string FirstName { get; init; }

    [Description("Last name")]
    public required string LastName { get; init; }

    [Description("Mail address")]
    public required string Email { get; init; }

    [Description("In which clients show times to the user, as Europe/Berlin")]
    public string? TimeZone { get; init; }
}

internal sealed class CreateUserHandler(Authority authority, Users users, CommandCommit commit) : IHandle<CreateUser, Shown<UserWire>>
{
    public async Task<Shown<UserWire>> HandleAsync(CreateUser command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindAccountAsync(caller, id: null, command.Account, command.DomainId, ct);
        var user = await users.AddAsync(command, account, ct);
        commit.Add((into, token) => TenantRows.HoldAsync(into, account.Id, token));
        return new(user.Id.Value);
    }
}
