using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The domains below one.</summary>
[Command("Lists the domains that lie in a domain", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ListDomainChildren : ListQuery<DomainWire>
{
    [Description("The domain they lie in; the caller's unless said")]
    public Id<Domain>? Id { get; init; }

    [Description("Lists only domains of this name")]
    public string? Name { get; init; }

    [Description("Lists all that lie below, not the next ones alone")]
    public bool? IsRecursive { get; init; }
}

internal sealed class ListDomainChildrenHandler(CloudDb db, Lists<DomainWire> lists) : IHandle<ListDomainChildren, Page<DomainWire>>
{
    public async Task<Page<DomainWire>> HandleAsync(ListDomainChildren command, Caller caller, CancellationToken ct)
    {
        var top = await db.FindDomainAsync(caller, command.Id ?? caller.DomainId, nameof(command.Id), ct);
        var domains = db.VisibleDomains(caller).AsNoTracking()
            .Where(domain => command.IsRecursive == true ? domain.Path.StartsWith(top.Path) && domain.Id != top.Id : domain.ParentId == top.Id);
        if (command.Name is { } name) domains = domains.Where(domain => domain.Name == name);
        if (command.Keyword is { } keyword)
            domains = domains.Where(domain => EF.Functions.ILike(domain.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(domains.OrderBy(domain => domain.Path).Select(domain => domain.Id), command, caller, ct);
    }
}
