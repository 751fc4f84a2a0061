using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Testing;

namespace Stratiform.Management.Tests.Database;

public sealed class TestDatabaseTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly TestClock clock = new();

    [Fact]
    public async Task Keeps_what_is_saved()
    {
        await using var db = database.Open();
        db.Add(new Domain("ROOT", null, clock.GetUtcNow()));
        await db.SaveChangesAsync();

        await using var again = database.Open();
        (await again.Set<Domain>().SingleAsync()).Path.ShouldBe("/");
    }

    [Fact]
    public async Task Another_one_is_empty()
    {
        var other = new TestDatabase();
        await other.InitializeAsync();
        await using (var db = other.Open()) (await db.Set<Domain>().AnyAsync()).ShouldBeFalse();
        await other.DisposeAsync();
    }
}
