using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Waits for the images of a store that move to others, and tells how that went. Each moves by itself (<see cref="MoveImage"/>), so
/// that one that cannot holds up no other.
/// </summary>
public sealed class MigrateStore(CloudDb db, StoreContents contents) : Workflow<MigrateStore.Memory>
{
    private const int MostReasons = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>What the steps remember.</summary>
    /// <param name="StoreId">The store.</param>
    /// <param name="Kind">Complete or Balance.</param>
    /// <param name="Moves">The workflows that move its images.</param>
    /// <param name="Left">What was not even tried, and why.</param>
    public sealed record Memory(Id<ImageStore> StoreId, string Kind, IReadOnlyList<Guid> Moves, IReadOnlyList<string> Left);

    internal static Order<MigrateStore> For(ImageStore store, string kind, IReadOnlyList<Guid> moves, IReadOnlyList<string> left) => new()
    {
        State = new Memory(store.Id, kind, moves, left),
        Subjects = [store.Subject],
        InstanceKind = nameof(ImageStore),
        InstanceId = store.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Until(ImagesHaveMoved, Patience)
        .Do(MeasureStore)
        .Do(Tell);

    private IQueryable<WorkflowRow> Moves => db.Set<WorkflowRow>().AsNoTracking().Where(w => State.Moves.Contains(w.Id));

    private async Task<bool> ImagesHaveMoved(CancellationToken ct) => !await Moves.AnyAsync(w => w.EndedAt == null && w.Phase != Phase.Stuck, ct);

    private Task MeasureStore(CancellationToken ct) => contents.MeasureAsync(State.StoreId, ct);

    private async Task Tell(CancellationToken ct)
    {
        // What was deleted on its way is in nobody's way.
        var failed = await (
            from move in Moves
            where move.Phase != Phase.Succeeded
            join template in db.Set<Template>() on move.InstanceId equals (Guid?)(object)template.Id
            orderby template.Name
            select new { template.Name, move.ErrorText }).ToListAsync(ct);
        string[] left = [.. failed.Select(f => $"{f.Name} ({f.ErrorText})"), .. State.Left];
        Row.Result = JsonSerializer.Serialize(new { message = Message(left), migrationtype = State.Kind, success = left.Length == 0 });
    }

    private string Message(string[] left)
    {
        var moved = State.Moves.Count + State.Left.Count - left.Length;
        var text = string.Create(CultureInfo.InvariantCulture, $"{InTheWay.Some(moved, "image")} moved, {left.Length} not");
        return left.Length == 0 ? text : $"{text}: {InTheWay.Listed([.. left.Take(MostReasons)], left.Length)}";
    }
}
