using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Events;

/// <summary>An event on the wire.</summary>
[WireName("event")]
internal sealed record EventWire
{
    [Description("The event")]
    public required Id<Event> Id { get; init; }

    [Description("What kind of thing happened")]
    public required string Type { get; init; }

    [Description("What happened, in a sentence")]
    public required string Description { get; init; }

    [Description("INFO, WARN or ERROR")]
    public required string Level { get; init; }

    [Description("Where the operation stood: Created, Scheduled, Started or Completed")]
    public required EventState State { get; init; }

    [Description("Who did it")]
    public string? UserName { get; init; }

    [Description("The account on whose behalf")]
    public string? Account { get; init; }

    [Description("That account's domain")]
    public required Id<Domain> DomainId { get; init; }

    [Description("That domain's name")]
    public string? Domain { get; init; }

    [Description("That domain's path")]
    public string? DomainPath { get; init; }

    [Description("The thing it happened to")]
    public Guid? ResourceId { get; init; }

    [Description("The kind of that thing")]
    public string? ResourceType { get; init; }

    [Description("The name of that thing when it happened")]
    public string? ResourceName { get; init; }

    [Description("When it happened")]
    public required DateTimeOffset Created { get; init; }

    [Description("The first event of the same operation")]
    public Id<Event>? ParentId { get; init; }

    [Description("Whether its owner put it away")]
    public required bool Archived { get; init; }
}

internal sealed class EventWireReader(CloudDb db) : IReadWire<EventWire>
{
    public async Task<IReadOnlyList<EventWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        Id<Event>[] wanted = [.. ids.Select(id => new Id<Event>(id))];
        // Events outlive whom they name, so removed owners are read too, and missing ones leave the row.
        var rows = await (
            from happened in db.Set<Event>().AsNoTracking()
            where wanted.Contains(happened.Id)
            join user in db.Set<User>() on happened.UserId equals user.Id into users
            from user in users.DefaultIfEmpty()
            join account in db.Set<Account>() on happened.AccountId equals account.Id into accounts
            from account in accounts.DefaultIfEmpty()
            join domain in db.Set<Domain>() on happened.DomainId equals domain.Id into domains
            from domain in domains.DefaultIfEmpty()
            select new Row(happened, user.Name, account.Name, domain.Name, domain.Path))
            .IgnoreQueryFilters().ToDictionaryAsync(row => row.Event.Id, ct);
        return [.. wanted.Where(rows.ContainsKey).Select(id => Shape(rows[id]))];
    }

    private static EventWire Shape(Row row) => new()
    {
        Id = row.Event.Id,
        Type = row.Event.Type,
        Description = row.Event.Description,
        Level = row.Event.Level.ToString().ToUpperInvariant(),
        State = row.Event.State,
        UserName = row.User,
        Account = row.Account,
        DomainId = row.Event.DomainId,
        Domain = row.Domain,
        DomainPath = row.Path is null ? null : DomainWire.ShownPath(row.Path),
        ResourceId = row.Event.ResourceId,
        ResourceType = row.Event.ResourceKind.Length == 0 ? null : row.Event.ResourceKind,
        ResourceName = row.Event.ResourceName,
        Created = row.Event.CreatedAt,
        ParentId = row.Event.StartId,
        Archived = row.Event.IsArchived,
    };

    private sealed record Row(Event Event, string? User, string? Account, string? Domain, string? Path);
}
