using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Audit.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Audit.Commands;

/// <summary>Takes away what nobody owns. Whether that is still so is looked at just before it goes; what has an owner stays.</summary>
[Command("Removes something that the audit found and nobody owns from the host, pool or image store where it lies")]
internal sealed record RemoveLeak : IAsyncCommand<Success>
{
    [Description("The host, pool or image store where it lies")]
    public required Guid WhereId { get; init; }

    [Description("What kind of thing: domain or network (of a host), volume (of a pool), image (of a pool or image store)")]
    public required string Kind { get; init; }

    [Description("The thing's id")]
    public required Guid Id { get; init; }
}

internal sealed class RemoveLeakHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveLeak, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveLeak command, Caller caller, CancellationToken ct)
    {
        var kind = LeakKinds.All.FirstOrDefault(kind => kind.Equals(command.Kind, StringComparison.OrdinalIgnoreCase))
            ?? throw Refusal.Parameter($"kind {command.Kind} is none of {string.Join(", ", LeakKinds.All)}; nothing else can be taken away.");
        var job = kind is LeakKinds.Domain or LeakKinds.Network
            ? await FromHostAsync(kind, command, caller, ct)
            : await FromPoolAsync(kind, command, caller, ct) ?? await FromStoreAsync(kind, command, caller, ct);
        return new(job.Id);
    }

    private async Task<WorkflowRow> FromHostAsync(string kind, RemoveLeak command, Caller caller, CancellationToken ct)
    {
        var host = await db.FindAsync(caller, new Id<Host>(command.WhereId), ct, "whereid");
        return queue.Enqueue(RemoveLeftover.FromHost(host.Id, kind, command.Id), caller.Asks);
    }

    private async Task<WorkflowRow?> FromPoolAsync(string kind, RemoveLeak command, Caller caller, CancellationToken ct)
    {
        var pool = new Id<StoragePool>(command.WhereId);
        return await db.Set<StoragePool>().AnyAsync(p => p.Id == pool, ct)
            ? queue.Enqueue(RemoveLeftover.FromPool(pool, kind, command.Id), caller.Asks)
            : null;
    }

    private async Task<WorkflowRow> FromStoreAsync(string kind, RemoveLeak command, Caller caller, CancellationToken ct)
    {
        var store = kind == LeakKinds.Image
            ? await db.FindAsync(caller, new Id<ImageStore>(command.WhereId), ct, "whereid")
            : throw Visibility.Unknown(caller, "whereid", command.WhereId);
        return queue.Enqueue(RemoveStoreOrphan.For(store.Id, command.Id), caller.Asks);
    }
}
