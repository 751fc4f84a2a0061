using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The accounts that may use a network besides its owner.</summary>
[Command("Lists the accounts that may use a network besides its owner", AllowedTo.Everyone)]
internal sealed record ListNetworkPermissions : IQuery<Page<NetworkPermissionWire>>
{
    [Description("The network")]
    public required Id<Network> NetworkId { get; init; }
}

internal sealed class ListNetworkPermissionsHandler(CloudDb db, NetworkPermissions permissions)
    : IHandle<ListNetworkPermissions, Page<NetworkPermissionWire>>
{
    public async Task<Page<NetworkPermissionWire>> HandleAsync(ListNetworkPermissions command, Caller caller, CancellationToken ct)
    {
        var network = await permissions.FindAsync(caller, command.NetworkId, ct);
        var rows = await (
            from permission in db.Set<NetworkPermission>()
            where permission.NetworkId == network.Id
            join account in db.Set<Account>() on permission.AccountId equals account.Id
            join domain in db.Set<Domain>() on account.DomainId equals domain.Id
            orderby account.Name
            select new NetworkPermissionWire
            {
                NetworkId = network.Id.Value,
                Account = account.Name,
                AccountId = account.Id.Value,
                Domain = domain.Name,
                DomainId = domain.Id.Value,
            }).ToListAsync(ct);
        return new(rows.Count, rows);
    }
}
