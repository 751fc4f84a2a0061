using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The customer gateways that exist for the caller.</summary>
[Command("Lists customer gateways", AllowedTo.Everyone)]
internal sealed record ListVpnCustomerGateways : OwnedListQuery<VpnCustomerGateway, VpnCustomerGatewayWire>;

internal sealed class ListVpnCustomerGatewaysHandler(CloudDb db, Lists<VpnCustomerGatewayWire> lists)
    : IHandle<ListVpnCustomerGateways, Page<VpnCustomerGatewayWire>>
{
    public async Task<Page<VpnCustomerGatewayWire>> HandleAsync(ListVpnCustomerGateways command, Caller caller, CancellationToken ct)
    {
        var gateways = await db.ListedAsync(command, caller, ct);
        if (command.Keyword is { } keyword) gateways = gateways.Where(g => EF.Functions.ILike(g.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(gateways.OrderBy(g => g.CreatedAt).ThenBy(g => g.Id).Select(g => g.Id), command, caller, ct);
    }
}
