using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Calls a security group otherwise.</summary>
[Command("Updates a security group")]
internal sealed record UpdateSecurityGroup : ICommand<Shown<SecurityGroupWire>>
{
    [Description("The security group")]
    public required Id<SecurityGroup> Id { get; init; }

    [Description("A new name, which no other group of the account has")]
    public string? Name { get; init; }
}

internal sealed class UpdateSecurityGroupHandler(CloudDb db) : IHandle<UpdateSecurityGroup, Shown<SecurityGroupWire>>
{
    public async Task<Shown<SecurityGroupWire>> HandleAsync(UpdateSecurityGroup command, Caller caller, CancellationToken ct)
    {
        var group = await db.FindVisibleAsync(caller, command.Id, ct);
        if (command.Name is { } name && name != group.Name)
        {
            if (string.IsNullOrWhiteSpace(name)) throw Refusal.Parameter("A security group needs a name.");
            await SecurityGroups.RequireFreeNameAsync(db, group.AccountId, name, ct);
            group.Rename(name);
        }
        return new(group.Id.Value);
    }
}
