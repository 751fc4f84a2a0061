using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The remote access VPNs that exist for the caller.</summary>
[Command("Lists remote access VPNs", AllowedTo.Everyone)]
internal sealed record ListRemoteAccessVpns : OwnedListQuery<RemoteAccessVpn, RemoteAccessVpnWire>
{
    [Description("Lists only that of this public address")]
    public Id<PublicIpAddress>? PublicIpId { get; init; }

    [Description("Lists only that of this network, or of the VPC that it is a tier of")]
    public Id<Network>? NetworkId { get; init; }
}

internal sealed class ListRemoteAccessVpnsHandler(CloudDb db, Lists<RemoteAccessVpnWire> lists) : IHandle<ListRemoteAccessVpns, Page<RemoteAccessVpnWire>>
{
    public async Task<Page<RemoteAccessVpnWire>> HandleAsync(ListRemoteAccessVpns command, Caller caller, CancellationToken ct)
    {
        var vpns = await db.ListedAsync(command, caller, ct);
        if (command.PublicIpId is { } address) vpns = vpns.Where(v => v.AddressId == address);
        if (command.NetworkId is { } network) vpns = vpns.Where(v => db.Set<Network>().Any(n => n.Id == network && n.ScopeId == v.ScopeId));
        return await lists.PageAsync(vpns.OrderBy(v => v.CreatedAt).ThenBy(v => v.Id).Select(v => v.Id), command, caller, ct);
    }
}
