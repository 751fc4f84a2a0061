using System.Text.Json.Nodes;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Reads what a router's program says of its load balancers, its traffic, its tunnels and its pair.</summary>
internal static class RouterStatistics
{
    /// <summary>Of a member that has not been asked yet.</summary>
    private const string Unasked = "INI";

    public static BalancersReport Read(string answer)
    {
        var said = JsonNode.Parse(answer)!;
        var open = said["open"]!.AsArray().ToDictionary(rule => Name(rule!, "rule"), rule => (int)rule!["connections"]!);
        return new BalancersReport
        {
            Answers = true,
            Boot = Guid.Parse((string)said["booted"]!),
            Counts = [.. said["rules"]!.AsArray().Select(rule => Count(rule!, open.GetValueOrDefault(Name(rule!, "rule"))))],
            Members = [.. said["members"]!.AsArray().Select(member => Look(member!))],
        };
    }

    public static RouterTraffic Traffic(string answer)
    {
        var said = JsonNode.Parse(answer)!;
        return new RouterTraffic
        {
            Answers = true,
            Boot = Guid.Parse((string)said["booted"]!),
            Addresses = [.. said["addresses"]!.AsArray().Select(Passed)],
            Cards = [.. said["cards"]!.AsArray().Select(Passed)],
        };
    }

    public static RouterTunnels Tunnels(string answer) => new()
    {
        Answers = true,
        Tunnels = [.. JsonNode.Parse(answer)!["tunnels"]!.AsArray()
            .Select(t => new RouterTunnel((string)t!["name"]!, Enum.Parse<TunnelState>((string)t["state"]!, ignoreCase: true)))],
    };

    /// <summary>Of a router alone nothing is said.</summary>
    public static PairState Pair(JsonNode said) => (string?)said["pair"] is { } state ? Enum.Parse<PairState>(state, ignoreCase: true) : PairState.Alone;

    private static TrafficCount Passed(JsonNode? of) => new((string)of!["name"]!, (long)of["received"]!, (long)of["sent"]!);

    private static MemberLook Look(JsonNode member) =>
        new(Name(member, "rule"), Name(member, "member"), (string)member["check"]! == Unasked ? null : (bool)member["up"]!);

    private static BalancerCount Count(JsonNode rule, int open) =>
        new(Name(rule, "rule"), (long)rule["sessions"]!, (long)rule["requests"]!, (long)rule["in"]!, (long)rule["out"]!, open);

    private static Guid Name(JsonNode of, string member) => Guid.Parse((string)of[member]!);
}
