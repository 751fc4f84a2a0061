using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The security groups that exist for the caller.</summary>
[Command("Lists security groups", AllowedTo.Everyone)]
internal sealed record ListSecurityGroups : OwnedListQuery<SecurityGroup, SecurityGroupWire>
{
    [Description("Lists only groups of this name")]
    public string? SecurityGroupName { get; init; }

    [Description("Lists only groups that this virtual machine is in")]
    public Id<VirtualMachine>? VirtualMachineId { get; init; }
}

internal sealed class ListSecurityGroupsHandler(CloudDb db, Lists<SecurityGroupWire> lists) : IHandle<ListSecurityGroups, Page<SecurityGroupWire>>
{
    public async Task<Page<SecurityGroupWire>> HandleAsync(ListSecurityGroups command, Caller caller, CancellationToken ct)
    {
        var groups = await db.ListedAsync(command, caller, ct);
        if (command.VirtualMachineId is { } id)
        {
            var vm = await db.FindVisibleAsync(caller, id, ct, nameof(command.VirtualMachineId));
            groups = db.Visible<SecurityGroup>(caller).AsNoTracking().Where(g => db.Set<GroupMember>().Any(m => m.GroupId == g.Id && m.VmId == vm.Id));
        }
        if (command.SecurityGroupName is { } name) groups = groups.Where(g => g.Name == name);
        if (command.Keyword is { } keyword) groups = groups.Where(g => EF.Functions.ILike(g.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(groups.OrderBy(g => g.Id).Select(g => g.Id), command, caller, ct);
    }
}
