using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Reconcilers;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Workflows;

/// <summary>
/// Removes a volume that is attached to nothing; what is under way for it ends first. There is no way back, so nothing is undone: what
/// failed ExpungeVolumes asks for again. What lies of it in image stores ImageGc takes.
/// </summary>
public sealed class DeleteVolume(CloudDb db, Hosts hosts, PoolHosts poolHosts, Duties duties, TimeProvider clock) : Workflow<DeleteVolume.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="VolumeId">The volume.</param>
    public sealed record Memory(Id<Volume> VolumeId);

    public static Order<DeleteVolume> For(Volume volume) => new()
    {
        State = new Memory(volume.Id),
        Subjects = [volume.Subject],
        Overtakes = true,
        InstanceKind = nameof(Volume),
        InstanceId = volume.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkExpunging)
        .Do(RemoveContent)
        .Do(MarkExpunged);

    // Null when its virtual machine took it along.
    private Task<Volume?> VolumeAsync(CancellationToken ct) => db.Set<Volume>().SingleOrDefaultAsync(v => v.Id == State.VolumeId, ct);

    private async Task MarkExpunging(CancellationToken ct)
    {
        if (await VolumeAsync(ct) is not { } volume) return;
        volume.RequireDetached();
        volume.MarkExpunging();
    }

    private async Task RemoveContent(CancellationToken ct)
    {
        if (await VolumeAsync(ct) is { PoolId: { } pool } volume)
            await hosts.EnsureAsync(await poolHosts.AnyReachingAsync(pool, ct), volume.Subject, new EnsureNoVolume(pool.Value, volume.Id.Value), ct);
    }

    private async Task MarkExpunged(CancellationToken ct)
    {
        if (await VolumeAsync(ct) is not { } volume) return;
        volume.Expunge(clock.GetUtcNow());
        foreach (var image in await db.Set<Template>().Where(t => t.VolumeId == volume.Id).ToListAsync(ct)) image.Remove(clock.GetUtcNow());
        InCommit((commit, token) => PoolChoice.ReleaseAsync(commit, volume.Id, token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, volume.Id.Value, token));
        InCommit((_, token) => duties.NudgeAsync<ImageGc>(token));
    }
}
