using System.Text;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Tests.Networking;

/// <summary>Chains of many rules are cut so that a change of few rules is a change of few chains, and say what they said uncut.</summary>
public sealed class RouterChainsTests
{
    private const int Many = 5000;

    private static List<string> Rules(int count) => [.. Enumerable.Range(1, count).Select(n => $"meta l4proto tcp th dport {n} accept")];

    private static string Render(IEnumerable<string> rules, string? otherwise = null)
    {
        var text = new StringBuilder();
        RouterChains.Render(text, "long", rules, otherwise);
        return text.ToString();
    }

    private static Dictionary<string, string[]> Chains(string text) => text.Split("  chain ", StringSplitOptions.RemoveEmptyEntries)
        .Select(chain => chain.Split('\n', StringSplitOptions.TrimEntries))
        .ToDictionary(lines => lines[0].Split(' ')[0], lines => lines[1..^2].SelectMany(line => line.Split("; ")).ToArray());

    // What a packet meets that no rule speaks of.
    private static IEnumerable<string> Met(Dictionary<string, string[]> chains, string chain) =>
        chains[chain].SelectMany(rule => rule.StartsWith("jump ", StringComparison.Ordinal) ? Met(chains, rule[5..]) : [rule]);

    [Fact]
    public void Few_rules_are_one_chain() =>
        Render(["one accept", "two drop"], "drop").ShouldBe("  chain long {\n    one accept\n    two drop\n    drop\n  }\n");

    [Fact]
    public void As_many_as_are_few_are_one_chain_and_one_more_are_several()
    {
        Chains(Render(Rules(RouterChains.Few))).Count.ShouldBe(1);
        Chains(Render(Rules(RouterChains.Few + 1))).Count.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void A_packet_meets_all_rules_in_their_order_and_the_verdict_behind_them()
    {
        var chains = Chains(Render(Rules(Many), "drop"));
        Met(chains, "long").ShouldBe(Rules(Many).Append("drop"));
        chains["long"][^1].ShouldBe("drop");
        chains.Count.ShouldBeInRange(40, 160);
    }

    [Fact]
    public void A_piece_comes_before_what_jumps_there() =>
        Render(Rules(Many)).Split('\n').Where(l => l.StartsWith("  chain ", StringComparison.Ordinal)).Last().ShouldBe("  chain long {");

    [Theory]
    [InlineData(0)]
    [InlineData(2500)]
    [InlineData(Many - 1)]
    public void A_rule_that_changes_comes_or_goes_changes_few_chains(int at)
    {
        var before = Chains(Render(Rules(Many)));
        foreach (Action<List<string>> change in (Action<List<string>>[])[r => r[at] = "changed", r => r.Insert(at, "new"), r => r.RemoveAt(at)])
        {
            var rules = Rules(Many);
            change(rules);
            var after = Chains(Render(rules));
            Met(after, "long").ShouldBe(rules);
            // A piece, and another if the rule ended one or does now.
            after.Keys.Except(before.Keys).Count().ShouldBeInRange(1, 2);
            before.Keys.Except(after.Keys).Count().ShouldBeInRange(1, 2);
            after.Keys.Intersect(before.Keys).Where(k => k != "long").ShouldAllBe(k => after[k].SequenceEqual(before[k]));
        }
    }

    [Fact]
    public void A_piece_that_comes_again_is_one_chain()
    {
        var twice = Chains(Render([.. Rules(1000), .. Rules(1000)]));
        Met(twice, "long").Distinct().ShouldBe(Rules(1000));
        twice["long"].ShouldBeUnique();
    }

    [Fact]
    public void Chains_share_no_pieces()
    {
        var text = new StringBuilder();
        RouterChains.Render(text, "one", Rules(1000));
        RouterChains.Render(text, "two", Rules(1000));
        var chains = Chains(text.ToString());
        chains["one"].Intersect(chains["two"]).ShouldBeEmpty();
    }
}
