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

    [Description("The id of the host, pool or image store where it is; absent for the database")]
    public string? WhereId { get; init; }

    [Description("What kind of thing: domain, network, volume, image, reservation …")]
    public required string Kind { get; init; }

    [Description("The thing's id")]
    public required string Id { get; init; }

    [Description("What is wrong with it, and what to do where nobody can take it away")]
    public required string Text { get; init; }

    [Description("Whether it can be taken away from there (removeLeak), once no unfinished work explains it")]
    public bool Removable { get; init; }
}

/// <summary>A place that did not answer.</summary>
internal sealed record UnreadableWire
{
    [Description("The host or pool")]
    public required string Where { get; init; }

    [Description("Why it could not be read")]
    public required string Text { get; init; }
}
