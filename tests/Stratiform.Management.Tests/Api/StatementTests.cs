using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Xunit.Abstractions;

namespace Stratiform.Management.Tests.Api;

/// <summary>Counts the SQL statements of every list: a page of many rows takes no more than a page of a few.</summary>
public sealed class StatementTests(TestCloud cloud, ITestOutputHelper output) : IClassFixture<TestCloud>
{
    private const int Few = 3;
    private const int Many = 50;

    /// <summary>Lists of what the cloud itself knows: they are as long as they are.</summary>
    private static readonly string[] OfOneLength = ["listConfigurationGroups", "listConfigurations", "listResourceLimits", "listTrafficTypes"];

    [Fact]
    public async Task A_longer_page_takes_no_more_statements()
    {
        for (var i = 0; i < Many; i++) await cloud.TenantAsync($"many{i}");
        Dictionary<string, string> within;
        await using (var db = cloud.Open())
        {
            var admin = await db.Set<Account>().AsNoTracking().SingleAsync(account => account.Id == Bootstrap.AdminAccountId);
            within = await ManyRows.AddAsync(db, Many, admin, cloud.Service<Secrets>(), cloud.Clock.GetUtcNow());
        }
        var lists = cloud.Service<ApiCatalog>().Commands.Where(c => c.IsQuery && c.Parameters.Any(p => p.Name == "pagesize")).ToList();
        lists.Count.ShouldBeGreaterThan(20);
        var wrong = new List<string>();
        foreach (var list in lists)
        {
            var (few, rows) = await CountAsync(list, Few, within);
            var (many, more) = await CountAsync(list, Many, within);
            output.WriteLine($"sql: {list.Name,-32} {few,3} statements for {rows} rows, {many,3} for {more}");
            if (rows != Few || (more != Many && !OfOneLength.Contains(list.Name))) wrong.Add($"{list.Name} has {rows} and {more} rows");
            if (many != few) wrong.Add($"{list.Name} takes {few} and {many} statements");
        }
        wrong.ShouldBeEmpty();
    }

    private async Task<(int Statements, int Rows)> CountAsync(ApiCommand list, int size, Dictionary<string, string> within)
    {
        List<(string, string)> parameters = [("page", "1"), ("pagesize", $"{size}"), .. list.Parameters.Where(p => p.IsRequired).Select(p => (p.Name, within[p.Name]))];
        if (list.Parameters.Any(p => p.Name == "listall")) parameters.Add(("listall", "true"));
        if (list.Parameters.Any(p => p.Name == "isofilter")) parameters.Add(("isofilter", "all"));
        if (list.Parameters.Any(p => p.Name == "allocatedonly")) parameters.Add(("allocatedonly", "false"));
        var before = cloud.Sql.Count;
        var reply = (await cloud.AsAdminAsync(list.Name, [.. parameters])).ShouldBe(200);
        var rows = reply.Body[list.WireName]?.AsArray().Count ?? 0;
        return (cloud.Sql.Count - before, rows);
    }
}
