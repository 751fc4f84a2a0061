using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>The parameters of every list.</summary>
/// <typeparam name="TWire">The wire shape of a row.</typeparam>
public abstract record ListQuery<TWire> : IQuery<Page<TWire>> where TWire : class
{
    [Description("Number of the page, from 1; goes with pagesize")]
    public int? Page { get; init; }

    [Description("Rows on a page; -1 for all rows, without page")]
    public int? PageSize { get; init; }

    [Description("Lists only rows whose names contain this text, in either case")]
    public string? Keyword { get; init; }
}

/// <summary>The parameters of lists whose rows belong to tenants.</summary>
/// <typeparam name="T">The entity.</typeparam>
/// <typeparam name="TWire">Its wire shape.</typeparam>
public abstract record OwnedListQuery<T, TWire> : ListQuery<TWire> where TWire : class
{
    [Description("Lists only this one")]
    public Id<T>? Id { get; init; }

    [Description("Lists only these, separated by commas")]
    public IReadOnlyList<Id<T>>? Ids { get; init; }

    [Description("An administrator lists everything in reach instead of the own account's")]
    public bool? ListAll { get; init; }

    [Description("With domainid: lists the domains below it too")]
    public bool? IsRecursive { get; init; }

    [Description("Lists what the account of this name owns; the domain is domainid, else the caller's")]
    public string? Account { get; init; }

    [Description("Lists what this domain's accounts own")]
    public Id<Domain>? DomainId { get; init; }

    [Description("Lists what this project owns; -1 for all of the caller's projects")]
    public Guid? ProjectId { get; init; }

    [Description("Lists only rows with all these tags: tags[0].key and tags[0].value")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Tags { get; init; }
}
