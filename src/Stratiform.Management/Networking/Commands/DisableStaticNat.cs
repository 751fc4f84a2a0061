using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>A public address leads to no guest any more; the firewall rules that were made for it go too.</summary>
[Command("Ends that a public address leads to one virtual machine", AllowedTo.Everyone)]
internal sealed record DisableStaticNat : IAsyncCommand<Success>
{
    [Description("The public address")]
    public required Id<PublicIpAddress> IpAddressId { get; init; }
}

internal sealed class DisableStaticNatHandler(CloudDb db, WorkflowQueue queue) : IHandle<DisableStaticNat, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DisableStaticNat command, Caller caller, CancellationToken ct)
    {
        var (address, _) = await db.FindHeldAsync(caller, command.IpAddressId, ct);
        if (address.StaticNatNicId is null) throw Refusal.Parameter($"The public address {address.Address} leads to no virtual machine; there is nothing to end.");
        return new(queue.Enqueue(SetStaticNat.For(address, to: null), caller.Asks).Id);
    }
}
