using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>The domains that exist for the caller.</summary>
[Command("Lists domains", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ListDomains : ListQuery<DomainWire>
{
    [Description("Lists only this domain")]
    public Id<Domain>? Id { get; init; }

    [Description("Lists only domains of this name")]
    public string? Name { get; init; }

    [Description("Lists only domains this deep below ROOT, which is 0")]
    public int? Level { get; init; }

    [Description("Lists this domain; with isrecursive all below it too")]
    public Id<Domain>? DomainId { get; init; }

    [Description("With domainid: lists the domains below it too")]
    public bool? IsRecursive { get; init; }

    [Description("An administrator of a domain lists all below it instead of it alone")]
    public bool? ListAll { get; init; }
}

internal sealed class ListDomainsHandler(CloudDb db, Lists<DomainWire> lists) : IHandle<ListDomains, Page<DomainWire>>
{
    public async Task<Page<DomainWire>> HandleAsync(ListDomains command, Caller caller, CancellationToken ct)
    {
        var domains = await InDomainAsync(db.VisibleDomains(caller).AsNoTracking(), command, caller, ct);
        if (command.Id is { } id) domains = domains.Where(domain => domain.Id == id);
        if (command.Name is { } name) domains = domains.Where(domain => domain.Name == name);
        if (command.Level is { } level) domains = domains.Where(domain => domain.Path.Length - domain.Path.Replace("/", "").Length == level + 1);
        if (command.Keyword is { } keyword)
            domains = domains.Where(domain => EF.Functions.ILike(domain.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(domains.OrderBy(domain => domain.Path).Select(domain => domain.Id), command, caller, ct);
    }

    private async Task<IQueryable<Domain>> InDomainAsync(IQueryable<Domain> domains, ListDomains command, Caller caller, CancellationToken ct)
    {
        if (command.DomainId is { } top)
        {
            var path = await db.FindDomainPathAsync(caller, top, ct);
            return domains.Where(domain => domain.Id == top || (command.IsRecursive == true && domain.Path.StartsWith(path)));
        }
        var inReach = caller.IsRootAdmin || command.ListAll == true || command.Id is not null;
        return inReach ? domains : domains.Where(domain => domain.Id == caller.DomainId);
    }
}
