using System.Net;

namespace Stratiform.Management.Networking;

/// <summary>Which packets a rule speaks of.</summary>
public sealed record RuleMatch
{
    public required string Protocol { get; init; }
    public int? StartPort { get; init; }
    public int? EndPort { get; init; }
    public int? IcmpType { get; init; }
    public int? IcmpCode { get; init; }
    public required IPNetwork[] SourceCidrs { get; init; }
    public IPNetwork[] DestinationCidrs { get; init; } = [];
}
