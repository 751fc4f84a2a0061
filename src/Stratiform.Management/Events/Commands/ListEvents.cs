using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Events.Commands;

/// <summary>The events that exist for the caller, newest first.</summary>
[Command("Lists events, the newest first", AllowedTo.Everyone)]
internal sealed record ListEvents : OwnedListQuery<Event, EventWire>
{
    [Description("Lists only events of this kind")]
    public string? Type { get; init; }

    [Description("Lists only events this grave")]
    public EventLevel? Level { get; init; }

    [Description("Lists only events of operations that stood here")]
    public EventState? State { get; init; }

    [Description("Lists only events since then")]
    public DateTimeOffset? StartDate { get; init; }

    [Description("Lists only events until then")]
    public DateTimeOffset? EndDate { get; init; }

    [Description("Lists only this event and those of the same operation")]
    public Id<Event>? StartId { get; init; }

    [Description("Lists only events of this thing")]
    public Guid? ResourceId { get; init; }

    [Description("Lists only events of this kind of thing")]
    public string? ResourceType { get; init; }

    [Description("Lists the events that were put away instead of the others")]
    public bool? Archived { get; init; }
}

internal sealed class ListEventsHandler(CloudDb db, Lists<EventWire> lists) : IHandle<ListEvents, Page<EventWire>>
{
    public async Task<Page<EventWire>> HandleAsync(ListEvents command, Caller caller, CancellationToken ct)
    {
        var archived = command.Archived == true;
        var events = (await db.ListedAsync(command, caller, ct)).Where(e => e.IsArchived == archived);
        if (command.Type is { } type) events = events.Where(e => e.Type == type);
        if (command.Level is { } level) events = events.Where(e => e.Level == level);
        if (command.State is { } state) events = events.Where(e => e.State == state);
        if (command.StartDate is { } from) events = events.Where(e => e.CreatedAt >= from);
        if (command.EndDate is { } until) events = events.Where(e => e.CreatedAt <= until);
        if (command.StartId is { } start) events = events.Where(e => e.Id == start || e.StartId == start);
        if (command.ResourceId is { } resource) events = events.Where(e => e.ResourceId == resource);
        if (command.ResourceType is { } kind) events = events.Where(e => e.ResourceKind == kind);
        if (command.Keyword is { } keyword)
        {
            var pattern = Keyword.Pattern(keyword);
            events = events.Where(e => EF.Functions.ILike(e.Type, pattern, Keyword.Escape)
                || EF.Functions.ILike(e.Description, pattern, Keyword.Escape));
        }
        return await lists.PageAsync(events.OrderByDescending(e => e.CreatedAt).ThenByDescending(e => e.Id).Select(e => e.Id), command, caller, ct);
    }
}
