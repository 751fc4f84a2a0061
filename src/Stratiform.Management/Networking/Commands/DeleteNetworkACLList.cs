using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Deletes an ACL list that guards no tier, with its rules.</summary>
[Command("Deletes an ACL list", AllowedTo.Everyone)]
internal sealed record DeleteNetworkACLList : IAsyncCommand<Success>
{
    [Description("The list")]
    public required Id<AclList> Id { get; init; }
}

internal sealed class DeleteNetworkACLListHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue) : IHandle<DeleteNetworkACLList, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteNetworkACLList command, Caller caller, CancellationToken ct)
    {
        var list = await db.FindListAsync(caller, command.Id, ct);
        list.RequireOwn("delete");
        commit.Add((into, token) => DeleteUnusedAsync(into, list, token));
        return new(queue.RecordDone(caller.Asks, nameof(AclList), list.Id.Value).Id);
    }

    // After the scope's generation was raised: tiers come to a list under the same row.
    private static async Task DeleteUnusedAsync(DbContext into, AclList list, CancellationToken ct)
    {
        await RoutersInStep.RaiseAsync(into, new Id<RouterScope>(list.VpcId!.Value.Value), ct);
        var (count, names) = await into.Set<Network>().Where(n => n.AclId == list.Id).CountAndNameAsync(n => n.Name, ct);
        if (count > 0)
            throw Refusal.InUse($"The ACL list {list.Name} guards {InTheWay.Some(count, "tier")} ({names}); guard {(count == 1 ? "it" : "them")} by another first (replaceNetworkACLList).");
        if (await into.Set<PrivateGateway>().AsNoTracking().Where(g => g.AclId == list.Id).OrderBy(g => g.Id).FirstOrDefaultAsync(ct) is { } gateway)
            throw Refusal.InUse($"The ACL list {list.Name} guards the private gateway {gateway.Ip} ({gateway.Id}); guard that by another first (replaceNetworkACLList).");
        await into.Set<AclList>().Where(l => l.Id == list.Id).ExecuteDeleteAsync(ct);
    }
}
