using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Adds a security group: nobody may speak to its members yet, and they may speak to anybody.</summary>
[Command("Creates a security group", AllowedTo.Everyone)]
internal sealed record CreateSecurityGroup : ICommand<Shown<SecurityGroupWire>>
{
    [Description("Its name, which no other group of the account has")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public string? Description { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class CreateSecurityGroupHandler(CloudDb db, TimeProvider clock) : IHandle<CreateSecurityGroup, Shown<SecurityGroupWire>>
{
    public async Task<Shown<SecurityGroupWire>> HandleAsync(CreateSecurityGroup command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (string.IsNullOrWhiteSpace(command.Name)) throw Refusal.Parameter("A security group needs a name.");
        await SecurityGroups.RequireFreeNameAsync(db, owner.AccountId, command.Name, ct);
        var group = new SecurityGroup(command.Name, command.Description ?? "", owner.AccountId, owner.DomainId, clock.GetUtcNow());
        db.Add(group);
        return new(group.Id.Value);
    }
}
