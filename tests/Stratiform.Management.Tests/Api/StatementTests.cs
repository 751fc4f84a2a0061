using Stratiform.Management.Api;
using Xunit.Abstractions;

namespace Stratiform.Management.Tests.Api;

/// <summary>Counts the SQL statements of every list: a page of many rows takes no more than a page of one.</summary>
public sealed class StatementTests(TestCloud cloud, ITestOutputHelper output) : IClassFixture<TestCloud>
{
    private const int Rows = 12;

    [Fact]
    public async Task A_longer_page_takes_no_more_statements()
    {
        for (var i = 0; i < Rows; i++)
        {
            var tenant = await cloud.TenantAsync($"many{i}");
            await cloud.AsAsync(tenant.Keys, "registerUserKeys", ("id", tenant.User.Id.ToString()));
        }
        var lists = cloud.Service<ApiCatalog>().Commands.Where(c => c.IsQuery && c.Parameters.Any(p => p.Name == "pagesize")).ToList();
        foreach (var list in lists)
        {
            if (list.Parameters.Any(p => p.IsRequired && p.Name != "templatefilter"))
            {
                output.WriteLine($"{list.Name,-32} left out: it lists within something that must be named");
                continue;
            }
            var (one, _) = await CountAsync(list, size: 1);
            var (many, rows) = await CountAsync(list, size: 500);
            output.WriteLine($"{list.Name,-32} {one,3} statements for 1 row, {many,3} for {rows}");
            many.ShouldBe(one, list.Name);
        }
    }

    private async Task<(int Statements, int Rows)> CountAsync(ApiCommand list, int size)
    {
        (string, string)[] parameters = [("page", "1"), ("pagesize", $"{size}"), ("templatefilter", "all")];
        if (list.Parameters.Any(p => p.Name == "listall")) parameters = [.. parameters, ("listall", "true")];
        var before = cloud.Sql.Count;
        var reply = (await cloud.AsAdminAsync(list.Name, parameters)).ShouldBe(200);
        var rows = reply.Body[list.WireName]?.AsArray().Count ?? 0;
        return (cloud.Sql.Count - before, rows);
    }
}
