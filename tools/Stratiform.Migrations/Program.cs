using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Stratiform.Management.Database;

// Nothing to run: dotnet-ef loads this assembly to find the model. See tools/add-migration.
return 0;

/// <summary>Gives the tool a model without a database behind it.</summary>
internal sealed class ModelWithoutDatabase : IDesignTimeDbContextFactory<CloudDb>
{
    public CloudDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<CloudDb>().UseNpgsql().Options);
}
