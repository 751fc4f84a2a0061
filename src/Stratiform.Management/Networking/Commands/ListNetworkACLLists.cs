using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The ACL lists of the VPCs that exist for the caller, and those that every VPC has.</summary>
[Command("Lists ACL lists", AllowedTo.Everyone)]
internal sealed record ListNetworkACLLists : OwnedListQuery<AclList, AclListWire>
{
    [Description("Lists only the list of this name")]
    public string? Name { get; init; }

    [Description("Lists only the lists that this VPC may use")]
    public Id<Vpc>? VpcId { get; init; }

    [Description("Lists only the list that guards this tier")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListNetworkACLListsHandler(CloudDb db, Lists<AclListWire> lists) : IHandle<ListNetworkACLLists, Page<AclListWire>>
{
    public async Task<Page<AclListWire>> HandleAsync(ListNetworkACLLists command, Caller caller, CancellationToken ct)
    {
        var own = command is { VpcId: null, NetworkId: null } ? await db.ListedAsync(command, caller, ct) : db.Visible<AclList>(caller);
        var found = db.Set<AclList>().AsNoTracking().Where(l => l.VpcId == null || own.Any(o => o.Id == l.Id));
        if (command.Id is { } id) found = found.Where(l => l.Id == id);
        if (command.Ids is { } ids) found = found.Where(l => ids.Contains(l.Id));
        if (command.Name is { } name) found = found.Where(l => l.Name == name);
        if (command.VpcId is { } vpc) found = found.Where(l => l.VpcId == null || l.VpcId == vpc);
        if (command.NetworkId is { } network) found = found.Where(l => db.Set<Network>().Any(n => n.Id == network && n.AclId == l.Id));
        if (command.Keyword is { } keyword) found = found.Where(l => EF.Functions.ILike(l.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(found.OrderBy(l => l.CreatedAt).ThenBy(l => l.Id).Select(l => l.Id), command, caller, ct);
    }
}
