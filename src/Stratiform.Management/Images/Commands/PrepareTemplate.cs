using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Commands;

/// <summary>Begins to copy a template to pools ahead of the first virtual machine there, which then need not wait for it.</summary>
[Command("Copies a template to primary storage ahead of its first use")]
internal sealed record PrepareTemplate : ICommand<ShownList<TemplateWire>>
{
    [Description("The template")]
    public required Id<Template> TemplateId { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("The pool; all of the zone unless said")]
    public Id<StoragePool>? StorageId { get; init; }
}

internal sealed class PrepareTemplateHandler(CloudDb db, WorkflowQueue queue, PoolHosts poolHosts) : IHandle<PrepareTemplate, ShownList<TemplateWire>>
{
    public async Task<ShownList<TemplateWire>> HandleAsync(PrepareTemplate command, Caller caller, CancellationToken ct)
    {
        var template = await db.FindUsableAsync(caller, command.TemplateId, ct);
        if (template.IsIso) throw Visibility.Unknown(caller, nameof(command.TemplateId), template.Id);
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        if (template.ZoneId != zone.Id) throw Refusal.Parameter($"The template {template.Name} is not in the zone {zone.Name}.");
        var pools = db.Set<StoragePool>().Where(p => p.ZoneId == zone.Id && p.State == PoolState.Up);
        if (command.StorageId is { } wanted)
        {
            var pool = await db.FindAsync(caller, wanted, ct, nameof(command.StorageId));
            if (pool.ZoneId != zone.Id || pool.State != PoolState.Up)
                throw Refusal.Parameter($"The storage pool {pool.Name} takes no images of the zone {zone.Name}: it is {pool.State}, or of another zone.");
            pools = pools.Where(p => p.Id == pool.Id);
        }
        var lacking = pools.Where(p => !db.Set<PoolImage>().Any(i => i.PoolId == p.Id && i.TemplateId == template.Id && i.Ready));
        // One whose hosts are all silent gets it with its first virtual machine.
        foreach (var (pool, host) in await poolHosts.ReachedAsync(lacking, ct))
            await queue.EnqueueUnlessPendingAsync(CopyImageToPool.For(template.Id, pool, host), ct);
        return new(template.Id.Value);
    }
}
