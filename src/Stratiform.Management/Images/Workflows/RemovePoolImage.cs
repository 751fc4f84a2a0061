using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Workflows;

/// <summary>Removes a deleted template's copy from a pool. Nothing is undone: what failed is asked for again by <see cref="Reconcilers.ImageGc"/>.</summary>
public sealed class RemovePoolImage(CloudDb db, Hosts hosts, PoolHosts poolHosts) : Workflow<RemovePoolImage.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="ImageId">The copy.</param>
    public sealed record Memory(Id<PoolImage> ImageId);

    public static Order<RemovePoolImage> For(PoolImage image) => new()
    {
        State = new Memory(image.Id),
        Subjects = [image.Subject],
        InstanceKind = nameof(Template),
        InstanceId = image.TemplateId.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(TakeOutOfUse)
        .Do(RemoveImage)
        .Do(ForgetCopy);

    private Task<PoolImage?> ImageAsync(CancellationToken ct) => db.Set<PoolImage>().SingleOrDefaultAsync(i => i.Id == State.ImageId, ct);

    private async Task TakeOutOfUse(CancellationToken ct)
    {
        if (await ImageAsync(ct) is { } image) image.Ready = false;
    }

    private async Task RemoveImage(CancellationToken ct)
    {
        if (await ImageAsync(ct) is not { } image) return;
        var host = await poolHosts.AnyReachingAsync(image.PoolId, ct);
        await hosts.EnsureAsync(host, image.Subject, new EnsureNoImage(image.PoolId.Value, image.Id.Value), ct);
    }

    private async Task ForgetCopy(CancellationToken ct)
    {
        if (await ImageAsync(ct) is { } image) db.Remove(image);
    }
}
