using Stratiform.Management.Tests.Api;

namespace Stratiform.Management.Tests.Telemetry;

public sealed class TelemetryTests(TestCloud cloud) : IClassFixture<TestCloud>
{
    private async Task<string> GetAsync(string path) => await cloud.Browser.GetStringAsync(new Uri(path, UriKind.Relative));

    [Fact]
    public async Task The_server_says_that_it_lives_and_serves()
    {
        (await GetAsync("/health/live")).ShouldBe("live");
        (await GetAsync("/health/ready")).ShouldBe("ready");
    }

    [Fact]
    public async Task Calls_are_counted_by_command_and_code_and_never_by_what_a_caller_wrote()
    {
        (await cloud.AsAdminAsync("listUsers")).ShouldBe(200);
        (await cloud.AsAdminAsync("listUsers", ("page", "1"))).ShouldBe(431);
        (await cloud.AsAdminAsync("evil\"} 1")).ShouldBe(401);
        var text = await GetAsync("/metrics");
        text.ShouldContain("# TYPE stratiform_api_requests_total counter\n");
        text.ShouldContain("stratiform_api_requests_total{command=\"listUsers\",code=\"200\"} ");
        text.ShouldContain("stratiform_api_requests_total{command=\"listUsers\",code=\"431\"} ");
        text.ShouldContain("stratiform_api_requests_total{command=\"unknown\",code=\"401\"} ");
        text.ShouldContain("stratiform_api_request_seconds_bucket{command=\"listUsers\",le=\"+Inf\"} ");
        text.ShouldContain("stratiform_workflows{phase=\"Stuck\"} 0\n");
        text.ShouldNotContain("evil");
        foreach (var line in text.Split('\n').Where(line => line.Length > 0 && line[0] != '#'))
            line.ShouldMatch("^[a-z_]+(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\\})? [0-9.E+-]+$");
    }
}
