using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes the far end of site-to-site VPNs; connections with it begin anew.</summary>
[Command("Updates a customer gateway; connections with it begin anew", AllowedTo.Everyone)]
internal sealed record UpdateVpnCustomerGateway : IAsyncCommand<VpnCustomerGatewayWire>
{
    [Description("The customer gateway")]
    public required Id<VpnCustomerGateway> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("The far end's public IPv4 address")]
    public required string Gateway { get; init; }

    [Description("The networks behind it, separated by commas")]
    public required string CidrList { get; init; }

    [Description("The key that both ends know")]
    public required string IpsecPsk { get; init; }

    [Description("How keys are exchanged, such as aes128-sha256;modp2048; several separated by commas")]
    public required string IkePolicy { get; init; }

    [Description("How packets are sealed, such as aes128-sha256;modp2048")]
    public required string EspPolicy { get; init; }

    [Description("Seconds after which keys are exchanged anew; as it is unless said")]
    public long? IkeLifetime { get; init; }

    [Description("Seconds after which packets get another key; as it is unless said")]
    public long? EspLifetime { get; init; }

    [Description("Whether to look if the other end is still there; as it is unless said")]
    public bool? Dpd { get; init; }

    [Description("Whether packets always go as UDP; as it is unless said")]
    public bool? ForceEncap { get; init; }

    [Description("Whether each network has keys of its own; as it is unless said")]
    public bool? SplitConnections { get; init; }

    [Description("ike, ikev1 or ikev2; as it is unless said")]
    public IkeVersion? IkeVersion { get; init; }
}

internal sealed class UpdateVpnCustomerGatewayHandler(CloudDb db, LiveSettings settings, Secrets secrets, WorkflowQueue queue)
    : IHandle<UpdateVpnCustomerGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateVpnCustomerGateway command, Caller caller, CancellationToken ct)
    {
        var gateway = await db.FindVisibleAsync(caller, command.Id, ct);
        var wish = new VpnPeers.Wish(command.Gateway, command.CidrList, command.IpsecPsk, command.IkePolicy, command.EspPolicy)
        {
            Name = command.Name,
            IkeLifetime = command.IkeLifetime,
            EspLifetime = command.EspLifetime,
            Dpd = command.Dpd,
            ForceEncap = command.ForceEncap,
            SplitConnections = command.SplitConnections,
            IkeVersion = command.IkeVersion,
        };
        var peer = VpnPeers.Require(wish, gateway.Peer, settings.Get(NetworkSettings.MostVpnSubnets), secrets);
        await VpnCustomerGateway.RequireNewAsync(db, peer, gateway.AccountId, gateway.Id, ct);
        return new(queue.Enqueue(ChangeVpnPeer.For(gateway, peer), caller.Asks).Id);
    }
}
