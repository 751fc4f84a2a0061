using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes a further address from a card.</summary>
[Command("Takes a further address from a card", AllowedTo.Everyone)]
internal sealed record RemoveIpFromNic : IAsyncCommand<Success>
{
    [Description("The further address's id")]
    public required Id<NicAddress> Id { get; init; }
}

internal sealed class RemoveIpFromNicHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveIpFromNic, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveIpFromNic command, Caller caller, CancellationToken ct)
    {
        var found = await (
            from address in db.Set<NicAddress>()
            where address.Id == command.Id
            join nic in db.Set<Nic>() on address.NicId equals nic.Id
            join vm in db.Visible<VirtualMachine>(caller) on nic.GuestId equals (Guid)(object)vm.Id
            select new { Address = address, Vm = vm }).SingleOrDefaultAsync(ct) ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
        await RuleConflicts.RequireNoneLeadsToAsync(db, found.Address.Id, ct);
        return new(queue.Enqueue(RemoveNicAddress.For(found.Vm, found.Address), caller.Asks).Id);
    }
}
