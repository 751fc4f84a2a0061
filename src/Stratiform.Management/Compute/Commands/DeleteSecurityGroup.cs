using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Deletes a security group that nothing is in and no other group names.</summary>
[Command("Deletes a security group", AllowedTo.Everyone)]
internal sealed record DeleteSecurityGroup : ICommand<Success>
{
    [Description("The security group")]
    public Id<SecurityGroup>? Id { get; init; }

    [Description("The security group by its name, instead of id")]
    public string? Name { get; init; }

    [Description("With the name: the group's owner in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class DeleteSecurityGroupHandler(CloudDb db, TimeProvider clock) : IHandle<DeleteSecurityGroup, Success>
{
    public async Task<Success> HandleAsync(DeleteSecurityGroup command, Caller caller, CancellationToken ct)
    {
        if (command.Name == SecurityGroup.Default) throw Refusal.Parameter($"The security group {SecurityGroup.Default} is always there; nobody can delete it.");
        var group = await db.FindGroupAsync(caller, command.Id, command.Name, command.Account, command.DomainId, clock.GetUtcNow(), ct);
        group.RequireOrdinary("delete");
        var members = await db.Set<GroupMember>().CountAsync(m => m.GroupId == group.Id, ct);
        if (members > 0)
            throw Refusal.InUse($"{members} virtual machines are in the security group {group.Name} (listVirtualMachines securitygroupid={group.Id}); destroy and expunge them first.");
        var naming = await db.Set<SecurityRule>().Where(r => r.PeerId == group.Id && r.GroupId != group.Id).Select(r => (Guid?)r.Id.Value).FirstOrDefaultAsync(ct);
        if (naming is { } rule) throw Refusal.InUse($"The rule {rule} of another security group names {group.Name}; delete that rule first (revokeSecurityGroupIngress, revokeSecurityGroupEgress).");
        db.RemoveRange(await db.Set<SecurityRule>().Where(r => r.GroupId == group.Id).ToListAsync(ct));
        db.Remove(group);
        return new();
    }
}
