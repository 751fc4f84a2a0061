using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Adds an account with its first user.</summary>
[Command("Creates an account with its first user", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record CreateAccount : ICommand<Shown<AccountWire>>, INewUser
{
    [Description("The account's name within its domain; the user's unless said")]
    public string? Account { get; init; }

    [Description("0 user, 1 root administrator, 2 domain administrator, 3 resource administrator; or give roleid")]
    public int? AccountType { get; init; }

    [Description("What its users may call; or give accounttype")]
    public Id<Role>? RoleId { get; init; }

    [Description("The domain it lies in; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }

    [Description("The name under which the user logs in; nobody else of the domain has it")]
    public required string UserName { get; init; }

    [Description("The user's password")]
    public required string Password { get; init; }

    [Description("The user's first name")]
    public required string FirstName { get; init; }

    [Description("The user's last name")]
    public required string LastName { get; init; }

    [Description("The user's mail address")]
    public required string Email { get; init; }

    [Description("In which clients show times to the user, as Europe/Berlin")]
    public string? TimeZone { get; init; }
}

internal sealed class CreateAccountHandler(CloudDb db, Authority authority, Users users, CommandCommit commit, TimeProvider clock)
    : IHandle<CreateAccount, Shown<AccountWire>>
{
    public async Task<Shown<AccountWire>> HandleAsync(CreateAccount command, Caller caller, CancellationToken ct)
    {
        var domain = await db.FindDomainAsync(caller, command.DomainId ?? caller.DomainId, nameof(command.DomainId), ct);
        var role = await authority.FindRoleToGiveAsync(caller, command.RoleId, command.AccountType, ct);
        var name = command.Account ?? command.UserName;
        await TenantNames.RequireFreeAccountAsync(db, name, nameof(command.Account).ToLowerInvariant(), domain.Id, ct);
        var account = new Account(name, domain, role.Type, clock.GetUtcNow());
        account.TakeRole(role);
        db.Add(account);
        await users.AddAsync(command, account, ct);
        commit.Add((into, token) => TenantRows.HoldAsync(into, domain.Id, domain.Path, token));
        return new(account.Id.Value);
    }
}
