using Stratiform.Cli.Tests.Kit;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Tests;

public sealed class EndpointLookupTests
{
    private const string Box = "CLOUDSTACK_ENDPOINT=http://127.0.0.1:8080/client/api\nCLOUDSTACK_KEY=k\nCLOUDSTACK_SECRET=s\n";

    [Fact]
    public void The_nearest_run_folder_above_is_the_cloud()
    {
        using var strat = new StratRun();
        var file = strat.Write(".run/cloud.env", Box);
        var deep = Directory.CreateDirectory(Path.Combine(strat.Folder, "src", "deep")).FullName;

        var endpoint = EndpointLookup.Find(null, strat.Here with { Folder = deep });

        endpoint.Source.ShouldBe(file);
        endpoint.Address.ShouldBe(new Uri("http://127.0.0.1:8080/client/api"));
        (endpoint.Key, endpoint.Secret).ShouldBe(("k", "s"));
    }

    [Fact]
    public void The_users_configuration_serves_where_there_is_no_checkout()
    {
        using var strat = new StratRun();
        strat.Write("home/.config/stratiform/cloud.env", $"# my cloud\nexport {Box}");

        EndpointLookup.Find(null, strat.Here).Key.ShouldBe("k");
    }

    [Fact]
    public void The_environment_goes_before_the_file_and_the_option_before_both()
    {
        using var strat = new StratRun();
        strat.Write(".run/cloud.env", Box);
        strat.Variables["CLOUDSTACK_KEY"] = "another";

        var endpoint = EndpointLookup.Find("https://cloud.example/client/api", strat.Here);

        (endpoint.Address.Host, endpoint.Key, endpoint.Secret).ShouldBe(("cloud.example", "another", "s"));
    }

    [Fact]
    public void An_endpoint_never_prints_its_secret()
    {
        var endpoint = new CloudEndpoint(new("http://127.0.0.1/client/api"), "key", "very-secret", "a test");

        endpoint.ToString().ShouldNotContain("very-secret");
    }
}
