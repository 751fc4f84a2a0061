using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The registered user data that exists for the caller.</summary>
[Command("Lists registered user data", AllowedTo.Everyone)]
internal sealed record ListUserData : OwnedListQuery<UserDataText, UserDataWire>
{
    [Description("Lists only user data of this name")]
    public string? Name { get; init; }
}

internal sealed class ListUserDataHandler(CloudDb db, Lists<UserDataWire> lists) : IHandle<ListUserData, Page<UserDataWire>>
{
    public async Task<Page<UserDataWire>> HandleAsync(ListUserData command, Caller caller, CancellationToken ct)
    {
        var texts = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) texts = texts.Where(u => u.Name == name);
        if (command.Keyword is { } keyword) texts = texts.Where(u => EF.Functions.ILike(u.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(texts.OrderBy(u => u.Id).Select(u => u.Id), command, caller, ct);
    }
}
