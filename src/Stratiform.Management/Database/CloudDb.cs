using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Database;

/// <summary>
/// The cloud's state. An entity enters it by the mapping at the foot of its own file; conventions common to all stand here:
/// snake-case names, ids of <see cref="Id{T}"/> as uuid, enums as text, removed rows left out.
/// </summary>
public sealed class CloudDb(DbContextOptions<CloudDb> options) : DbContext(options)
{
    /// <summary>Name of the query filter that leaves removed rows out; see <c>IgnoreQueryFilters</c>.</summary>
    public const string RemovedFilter = "Removed";

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var type in typeof(CloudDb).Assembly.GetTypes().Where(t => t is { IsClass: true, IsAbstract: false, IsGenericType: false }))
            configurationBuilder.Properties(typeof(Id<>).MakeGenericType(type)).HaveConversion(typeof(IdConverter<>).MakeGenericType(type));
        configurationBuilder.Properties<Ipv4Address>().HaveConversion<Ipv4AddressConverter>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
        configurationBuilder.Properties<string>().UseCollation("C");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(CloudDb).Assembly);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(WorkflowRow).Assembly);
        modelBuilder.HasSequence<long>("workflow_fence");
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (typeof(IRemovable).IsAssignableFrom(entity.ClrType)) LeaveRemovedOut(modelBuilder, entity);
            UseSnakeCase(entity);
        }
    }

    private static void LeaveRemovedOut(ModelBuilder model, IMutableEntityType entity)
    {
        var row = Expression.Parameter(entity.ClrType, "row");
        var lives = Expression.Equal(
            Expression.Property(row, nameof(IRemovable.RemovedAt)), Expression.Constant(null, typeof(DateTimeOffset?)));
        model.Entity(entity.ClrType).HasQueryFilter(RemovedFilter, Expression.Lambda(lives, row));
    }

    private static void UseSnakeCase(IMutableEntityType entity)
    {
        entity.SetTableName(SnakeCase.Of(entity.GetTableName()!));
        foreach (var property in entity.GetProperties())
        {
            property.SetColumnName(SnakeCase.Of(property.GetColumnName()));
            // jsonb knows no collation.
            if (property.GetColumnType() == "jsonb") property.SetCollation(null);
        }
        foreach (var key in entity.GetKeys()) key.SetName(SnakeCase.Of(key.GetName()!));
        foreach (var foreign in entity.GetForeignKeys()) foreign.SetConstraintName(SnakeCase.Of(foreign.GetConstraintName()!));
        foreach (var index in entity.GetIndexes()) index.SetDatabaseName(SnakeCase.Of(index.GetDatabaseName()!));
    }

    private sealed class Ipv4AddressConverter()
        : ValueConverter<Ipv4Address, System.Net.IPAddress>(address => address.ToIPAddress(), value => Ipv4Address.Of(value));

    private sealed class IdConverter<T>() : ValueConverter<Id<T>, Guid>(id => id.Value, value => new Id<T>(value));
}
