using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Makes an image store usable on the hosts of its zone.</summary>
public sealed class AddStore(CloudDb db, HostDirectories directories, TimeProvider clock) : Workflow<AddStore.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="StoreId">The store.</param>
    /// <param name="HostIds">The hosts.</param>
    public sealed record Memory(Id<ImageStore> StoreId, IReadOnlyList<Id<Host>> HostIds);

    public static Order<AddStore> For(ImageStore store, IReadOnlyList<Host> hosts) => new()
    {
        State = new Memory(store.Id, [.. hosts.Select(h => h.Id)]),
        Subjects = [.. hosts.Select(h => h.Subject)],
        InstanceKind = nameof(ImageStore),
        InstanceId = store.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(ReserveName).Undo(RemoveStore)
        .Do(EnsureOnHosts).Undo(EnsureOnNoHost).Within(TimeSpan.FromSeconds(15));

    private Task<ImageStore?> FindAsync(CancellationToken ct) => db.Set<ImageStore>().SingleOrDefaultAsync(s => s.Id == State.StoreId, ct);

    private async Task<ImageStore> StoreAsync(CancellationToken ct) => await FindAsync(ct) ?? throw Refusal.Parameter("The image store was deleted.");

    private Task ReserveName(CancellationToken ct) => StoreAsync(ct);

    private async Task RemoveStore(CancellationToken ct) => (await FindAsync(ct))?.Remove(clock.GetUtcNow());

    private async Task EnsureOnHosts(CancellationToken ct) => await directories.EnsureAsync(await StoreAsync(ct), State.HostIds, ct);

    private Task EnsureOnNoHost(CancellationToken ct) => directories.EnsureNoneAsync(State.StoreId.Value, State.HostIds, ct);
}
