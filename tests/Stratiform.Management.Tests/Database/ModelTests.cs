using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management.Tests.Database;

public sealed class ModelTests
{
    [Fact]
    public void The_newest_migration_is_the_model_as_it_is()
    {
        using var db = new CloudDb(new DbContextOptionsBuilder<CloudDb>().UseNpgsql().Options);
        db.Database.HasPendingModelChanges().ShouldBeFalse("The model has changed. Run: tools/add-migration Name");
    }
}
