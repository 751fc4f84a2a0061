using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>Moves templates and ISOs from an image store to others of its zone, while they are in use.</summary>
[Command("Moves images from an image store to others")]
internal sealed record MigrateSecondaryStorageData : IAsyncCommand<MigrationWire>
{
    [Description("The store that they leave")]
    public required Id<ImageStore> SrcPool { get; init; }

    [Description("The stores that they go to")]
    public required IReadOnlyList<Id<ImageStore>> DestPools { get; init; }

    [Description("complete moves everything, and the store takes nothing new from then on; balance evens the use of the stores out. complete unless said")]
    public string? MigrationType { get; init; }
}

internal sealed class MigrateSecondaryStorageDataHandler(CloudDb db, WorkflowQueue queue, StoreMigration migration)
    : IHandle<MigrateSecondaryStorageData, JobTicket>
{
    private const string Complete = "Complete";
    private const string Balance = "Balance";

    public async Task<JobTicket> HandleAsync(MigrateSecondaryStorageData command, Caller caller, CancellationToken ct)
    {
        var source = await db.FindAsync(caller, command.SrcPool, ct);
        var kind = KindOf(command.MigrationType);
        var destinations = new List<ImageStore>();
        foreach (var id in command.DestPools.Distinct()) destinations.Add(RequireDestination(await db.FindAsync(caller, id, ct, nameof(command.DestPools)), source));
        if (destinations.Count == 0) throw Refusal.Missing(caller.Command, "destpools");
        if (kind == Balance) RequireSizes([source, .. destinations]);
        var plan = await migration.OfAsync(source, destinations, kind == Complete, ct);
        // Nothing comes after those that are planned.
        if (kind == Complete) source.IsReadOnly = true;
        var moves = plan.Moves.Select(move => queue.Enqueue(MoveImage.For(move.Template, source.Id, move.To), AskedBy.Cloud).Id).ToList();
        return new(queue.Enqueue(MigrateStore.For(source, kind, moves, plan.Left), caller.Asks).Id);
    }

    private static string KindOf(string? type) => type?.ToLowerInvariant() switch
    {
        null or "complete" => Complete,
        "balance" => Balance,
        _ => throw Refusal.Parameter($"migrationtype {type} is neither complete nor balance."),
    };

    private static ImageStore RequireDestination(ImageStore store, ImageStore source)
    {
        if (store.Id == source.Id) throw Refusal.Parameter($"The image store {store.Name} is both source and destination.");
        if (store.ZoneId != source.ZoneId)
            throw Refusal.Parameter($"The image stores {source.Name} and {store.Name} are in different zones; copy templates there (copyTemplate, copyIso).");
        return store.IsReadOnly ? throw Refusal.Parameter($"The image store {store.Name} is read-only; open it first (updateImageStore readonly=false).") : store;
    }

    private static void RequireSizes(IEnumerable<ImageStore> stores)
    {
        if (stores.FirstOrDefault(s => s.CapacityBytes == 0) is { } endless)
            throw Refusal.Parameter($"The size of the image store {endless.Name} is not known, so nothing can be balanced with it; use migrationtype=complete.");
    }
}
