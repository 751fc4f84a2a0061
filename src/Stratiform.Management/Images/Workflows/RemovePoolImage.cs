using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>
/// Removes a copy of a template that no disk needs from a pool. Nothing is undone: what failed is asked for again by
/// <see cref="Reconcilers.ImageGc"/>.
/// </summary>
/// <remarks>
/// Somebody may deploy from a template that lives on at any moment. His disk's row comes before he looks for the copy, and the copy
/// is out of use before disks are looked for: either he misses the copy and waits until it has gone, to bring it anew, or his disk is
/// seen here and the copy stays.
/// </remarks>
public sealed class RemovePoolImage(CloudDb db, Hosts hosts, PoolHosts poolHosts, SparePoolImages spare) : Workflow<RemovePoolImage.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ImageId">The copy.</param>
    /// <param name="WasReady">It was whole.</param>
    /// <param name="IsKept">It is needed, or all there is of its template.</param>
    public sealed record Memory(Id<PoolImage> ImageId, bool WasReady = false, bool IsKept = false);

    public static Order<RemovePoolImage> For(PoolImage image) => new()
    {
        State = new Memory(image.Id),
        Subjects = [image.Subject],
        InstanceKind = nameof(Template),
        InstanceId = image.TemplateId.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeOutOfUse)
        .Do(KeepIfNeeded)
        .Do(RemoveImage)
        .Do(ForgetCopy);

    private Task<PoolImage?> ImageAsync(CancellationToken ct) => db.Set<PoolImage>().SingleOrDefaultAsync(i => i.Id == State.ImageId, ct);

    private async Task TakeOutOfUse(CancellationToken ct)
    {
        if (await ImageAsync(ct) is not { } image) return;
        State = State with { WasReady = State.WasReady || image.Ready };
        image.Ready = false;
    }

    private async Task KeepIfNeeded(CancellationToken ct)
    {
        if (await ImageAsync(ct) is not { Ready: false } image || await spare.MayGoAsync(image.Id, ct)) return;
        State = State with { IsKept = true };
        if (State.WasReady) image.MarkReady();
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (State.IsKept || await ImageAsync(ct) is not { } image) return;
        var host = await poolHosts.AnyReachingAsync(image.PoolId, ct);
        await hosts.EnsureAsync(host, image.Subject, new EnsureNoImage(image.PoolId.Value, image.Id.Value), ct);
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        if (!State.IsKept && await ImageAsync(ct) is { } image) db.Remove(image);
    }
}
