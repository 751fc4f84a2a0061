using Stratiform.Agent.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Agent.Tests.SystemVms;

public sealed class RouterStatisticsTests
{
    private const string Rule = "01980000-0000-7000-8000-000000000001";
    private const string Gone = "01980000-0000-7000-8000-000000000002";
    private const string Member = "01980000-0000-7000-8000-00000000000a";
    private const string New = "01980000-0000-7000-8000-00000000000b";
    private const string Boot = "32d65e3d-e849-40e0-907d-e3a93ce9ba62";

    // As the image's program prints it.
    private const string Answer = $$"""
        {"booted":"{{Boot}}","rules":[{"rule":"{{Rule}}","sessions":3,"requests":4,"in":5,"out":6},{"rule":"{{Gone}}","sessions":1,"requests":0,"in":2,"out":9000000000}],"open":[{"rule":"{{Rule}}","connections":2}],"members":[{"rule":"{{Rule}}","member":"{{Member}}","up":false,"check":"L4CON"},{"rule":"{{Rule}}","member":"{{New}}","up":true,"check":"INI"}]}
        """;

    [Fact]
    public void Counts_and_members_are_read()
    {
        var report = RouterStatistics.Read(Answer);
        (report.Answers, report.Boot).ShouldBe((true, Guid.Parse(Boot)));
        report.Counts.ShouldBe([new BalancerCount(Guid.Parse(Rule), 3, 4, 5, 6, 2), new BalancerCount(Guid.Parse(Gone), 1, 0, 2, 9_000_000_000, 0)]);
        report.Members.ShouldBe([new MemberLook(Guid.Parse(Rule), Guid.Parse(Member), false), new MemberLook(Guid.Parse(Rule), Guid.Parse(New), null)]);
    }

    [Fact]
    public void A_router_that_balances_nothing_has_counted_nothing() =>
        RouterStatistics.Read($$"""{"booted":"{{Boot}}","rules":[],"open":[],"members":[]}""").Counts.ShouldBeEmpty();
}
