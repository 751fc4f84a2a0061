using System.Text.Json.Nodes;
using Stratiform.Protocol;

namespace Stratiform.Agent.SystemVms;

/// <summary>Reads what a router's program says of its load balancers.</summary>
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

    private static MemberLook Look(JsonNode member) =>
        new(Name(member, "rule"), Name(member, "member"), (string)member["check"]! == Unasked ? null : (bool)member["up"]!);

    private static BalancerCount Count(JsonNode rule, int open) =>
        new(Name(rule, "rule"), (long)rule["sessions"]!, (long)rule["requests"]!, (long)rule["in"]!, (long)rule["out"]!, open);

    private static Guid Name(JsonNode of, string member) => Guid.Parse((string)of[member]!);
}
