using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The VPN users that exist for the caller.</summary>
[Command("Lists VPN users", AllowedTo.Everyone)]
internal sealed record ListVpnUsers : OwnedListQuery<VpnUser, VpnUserWire>
{
    [Description("Lists only the one of this name")]
    public string? UserName { get; init; }
}

internal sealed class ListVpnUsersHandler(CloudDb db, Lists<VpnUserWire> lists) : IHandle<ListVpnUsers, Page<VpnUserWire>>
{
    public async Task<Page<VpnUserWire>> HandleAsync(ListVpnUsers command, Caller caller, CancellationToken ct)
    {
        var users = await db.ListedAsync(command, caller, ct);
        if (command.UserName is { } name)
        {
            var key = VpnUser.KeyOf(name);
            users = users.Where(u => u.Key == key);
        }
        if (command.Keyword is { } keyword) users = users.Where(u => EF.Functions.ILike(u.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(users.OrderBy(u => u.CreatedAt).ThenBy(u => u.Id).Select(u => u.Id), command, caller, ct);
    }
}
