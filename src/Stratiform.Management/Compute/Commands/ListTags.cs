using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The tags on what exists for the caller.</summary>
[Command("Lists tags", AllowedTo.Everyone)]
internal sealed record ListTags : ListQuery<ResourceTagWire>
{
    [Description("Lists only tags of this kind of thing: UserVm, Volume, Network or Template")]
    public string? ResourceType { get; init; }

    [Description("Lists only tags of this thing")]
    public Guid? ResourceId { get; init; }

    [Description("Lists only tags of this name")]
    public string? Key { get; init; }

    [Description("Lists only tags of this value")]
    public string? Value { get; init; }

    [Description("An administrator lists everything in reach instead of the own account's")]
    public bool? ListAll { get; init; }

    [Description("Lists what the account of this name owns; the domain is domainid, else the caller's")]
    public string? Account { get; init; }

    [Description("Goes with account")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class ListTagsHandler(CloudDb db, Lists<ResourceTagWire> lists) : IHandle<ListTags, Page<ResourceTagWire>>
{
    public async Task<Page<ResourceTagWire>> HandleAsync(ListTags command, Caller caller, CancellationToken ct)
    {
        var tags = db.Visible<Tag>(caller).AsNoTracking();
        if (command.Account is { } name)
        {
            var account = await db.FindAccountAsync(caller, name, command.DomainId, ct);
            tags = tags.Where(t => t.AccountId == account);
        }
        else if (command.ListAll != true && command.ResourceId is null) tags = tags.Where(t => t.AccountId == caller.AccountId);
        if (command.ResourceType is { } type)
        {
            var kind = Taggable.KindOf(type);
            tags = tags.Where(t => t.Kind == kind);
        }
        if (command.ResourceId is { } id) tags = tags.Where(t => t.ResourceId == id);
        if (command.Key is { } key) tags = tags.Where(t => t.Key == key);
        if (command.Value is { } value) tags = tags.Where(t => t.Value == value);
        if (command.Keyword is { } keyword) tags = tags.Where(t => EF.Functions.ILike(t.Key, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(tags.OrderBy(t => t.Id).Select(t => t.Id), command, caller, ct);
    }
}
