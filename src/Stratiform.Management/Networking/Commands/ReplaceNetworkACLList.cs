using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Guards a tier or a private gateway by another ACL list.</summary>
[Command("Guards a tier or a private gateway of a VPC by another ACL list", AllowedTo.Everyone)]
internal sealed record ReplaceNetworkACLList : IAsyncCommand<Success>
{
    [Description("The list")]
    public required Id<AclList> AclId { get; init; }

    [Description("The tier")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Instead of a tier: the private gateway")]
    public Id<PrivateGateway>? GatewayId { get; init; }
}

internal sealed class ReplaceNetworkACLListHandler(CloudDb db, WorkflowQueue queue) : IHandle<ReplaceNetworkACLList, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ReplaceNetworkACLList command, Caller caller, CancellationToken ct)
    {
        if (command.NetworkId is not null && command.GatewayId is not null) throw Refusal.Parameter("A list guards one thing at a time; leave networkid or gatewayid out.");
        if (command.NetworkId is null && command.GatewayId is null) throw Refusal.Missing(caller.Command, "networkid");
        var list = await db.FindListAsync(caller, command.AclId, ct);
        if (command.GatewayId is { } gatewayId)
        {
            var gateway = await db.FindVisibleAsync(caller, gatewayId, ct);
            return new(queue.Enqueue(ReplaceAcl.For(gateway, await db.FindAclAsync(gateway.VpcId, list.Id, ct)), caller.Asks).Id);
        }
        var networkId = command.NetworkId!.Value;
        var tier = await db.FindVisibleAsync(caller, networkId, ct);
        if (tier.VpcId is not { } vpc) throw Refusal.Parameter($"The network {tier.Name} is no tier of a VPC; guard it by its own rules (createFirewallRule).");
        return new(queue.Enqueue(ReplaceAcl.For(tier, await db.FindAclAsync(vpc, list.Id, ct)), caller.Asks).Id);
    }
}
