using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Audit;

/// <summary>What hosts, pools and the database disagree about.</summary>
[WireName("audit")]
internal sealed record AuditWire
{
    [Description("How many things were compared")]
    public required int Checked { get; init; }

    [Description("What no unfinished work explains")]
    public required IReadOnlyList<FindingWire> Leaks { get; init; }

    [Description("What belongs to unfinished work")]
    public required IReadOnlyList<FindingWire> InProgress { get; init; }

    [Description("Where nobody could look")]
    public required IReadOnlyList<UnreadableWire> Unreadable { get; init; }
}

/// <summary>One disagreement.</summary>
internal sealed record FindingWire
{
    [Description("The host or pool, or database")]
    public required string Where { get; init; }

    [Description("What kind of thing: domain, network, volume, image, reservation …")]
    public required string Kind { get; init; }

    [Description("The thing's id")]
    public required string Id { get; init; }

    [Description("What is wrong with it")]
    public required string Text { get; init; }
}

/// <summary>A place that did not answer.</summary>
internal sealed record UnreadableWire
{
    [Description("The host or pool")]
    public required string Where { get; init; }

    [Description("Why it could not be read")]
    public required string Text { get; init; }
}
