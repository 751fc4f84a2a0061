using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Events.Commands;

/// <summary>The kinds of events that this cloud records.</summary>
[Command("Lists the kinds of events that this cloud records", AllowedTo.Everyone)]
internal sealed record ListEventTypes : IQuery<Page<EventTypeWire>>;

/// <summary>A kind of event on the wire.</summary>
[WireName("eventtype")]
internal sealed record EventTypeWire
{
    [Description("The kind's name")]
    public required string Name { get; init; }
}

internal sealed class ListEventTypesHandler(EventCatalog catalog) : IHandle<ListEventTypes, Page<EventTypeWire>>
{
    public Task<Page<EventTypeWire>> HandleAsync(ListEventTypes command, Caller caller, CancellationToken ct) =>
        Task.FromResult(new Page<EventTypeWire>(catalog.Types.Count, [.. catalog.Types.Select(type => new EventTypeWire { Name = type.Name })]));
}
