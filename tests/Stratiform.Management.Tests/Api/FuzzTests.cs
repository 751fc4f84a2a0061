using Stratiform.Management.Api;
using Xunit.Abstractions;

namespace Stratiform.Management.Tests.Api;

/// <summary>Sends nasty values to every parameter of every command: whatever comes, nothing breaks and nothing leaks.</summary>
public sealed class FuzzTests(TestCloud cloud, ITestOutputHelper output) : IClassFixture<TestCloud>
{
    private const int Each = 8;

    private static readonly string[] _nasty =
    [
        "", " ", "-1", "0", "1", "99999999999999999999", "1e308", "NaN", "true", "null", "None", "'", "\"", "' OR '1'='1", "'; DROP TABLE account; --",
        "../../etc/passwd", "%", "_", "\\", "%00", "${jndi:ldap://x}", "<script>", "]]>", "{}", "[]", ",", ",,,", "a,b", "ünï", "日本", "🙂", "\u202e",
        "\uffff", "\r\n", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "2026-02-30", "0001-01-01", "9999-12-31",
        "2026-01-01T00:00:00+9999", new string('x', 5000),
    ];

    private static readonly HashSet<string> _leaveAlone = ["login", "logout", "registerUserKeys"];

    [Fact]
    public async Task Nothing_that_a_caller_sends_breaks_a_command()
    {
        var tenant = await cloud.TenantAsync("fuzzer", AllowedTo.DomainAdmin);
        var sent = 0;
        foreach (var command in cloud.Service<ApiCatalog>().Commands.Where(c => !_leaveAlone.Contains(c.Name) && !c.WaitsForHosts))
        {
            foreach (var parameter in command.Parameters)
            {
                var name = parameter.Kind == ParameterKind.Map ? parameter.Name + "[0].key" : parameter.Name;
                foreach (var value in Chosen(command.Name + parameter.Name))
                {
                    var keys = sent++ % 2 == 0 ? cloud.AdminKeys : tenant.Keys;
                    Check(command.Name, name, value, await cloud.AsAsync(keys, command.Name, [.. Required(command, name), (name, value)]));
                }
            }
        }
        cloud.Logs.Errors.ShouldBeEmpty();
        output.WriteLine($"{sent} calls");
    }

    /// <summary>Some of the values, others for each parameter and the same in each run; STRATIFORM_FUZZ=all sends all of them.</summary>
    private static IEnumerable<string> Chosen(string seed)
    {
        if (Environment.GetEnvironmentVariable("STRATIFORM_FUZZ") == "all") return _nasty;
        var start = seed.Aggregate(17, (hash, character) => unchecked((hash * 31) + character)) & int.MaxValue;
        return Enumerable.Range(0, Each).Select(i => _nasty[(start + (i * 7)) % _nasty.Length]);
    }

    private static IEnumerable<(string, string)> Required(ApiCommand command, string but) =>
        command.Parameters.Where(p => p.IsRequired && p.Name != but).Select(p => (p.Name, p.Name == "how" ? "none" : "x"));

    private static void Check(string command, string parameter, string value, Reply reply)
    {
        var where = $"{command} {parameter}={value}: {reply.Text}";
        reply.Status.ShouldBeOneOf([200, 401, 430, 431, 531], where);
        reply.Text.ShouldNotContain("   at ", Case.Sensitive, where);
        reply.Text.ShouldNotContain("Npgsql", Case.Sensitive, where);
        reply.Json.Count.ShouldBe(1, where);
    }
}
