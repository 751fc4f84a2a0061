using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Describes the far end of site-to-site VPNs.</summary>
[Command("Creates a customer gateway: the far end of site-to-site VPNs", AllowedTo.Everyone)]
internal sealed record CreateVpnCustomerGateway : IAsyncCommand<VpnCustomerGatewayWire>
{
    [Description("Its name; the far end's address unless said")]
    public string? Name { get; init; }

    [Description("The far end's public IPv4 address")]
    public required string Gateway { get; init; }

    [Description("The networks behind it, separated by commas")]
    public required string CidrList { get; init; }

    [Description("The key that both ends know")]
    public required string IpsecPsk { get; init; }

    [Description("How keys are exchanged, such as aes128-sha256;modp2048; several separated by commas")]
    public required string IkePolicy { get; init; }

    [Description("How packets are sealed, such as aes128-sha256;modp2048, where the group is what keeps one key from telling others")]
    public required string EspPolicy { get; init; }

    [Description("Seconds after which keys are exchanged anew; 86400 unless said")]
    public long? IkeLifetime { get; init; }

    [Description("Seconds after which packets get another key; 3600 unless said")]
    public long? EspLifetime { get; init; }

    [Description("True looks if the other end is still there, and begins anew when it is not")]
    public bool? Dpd { get; init; }

    [Description("True sends packets as UDP although nobody translates addresses on the way")]
    public bool? ForceEncap { get; init; }

    [Description("True gives each network keys of its own, as some other ends need it; with ikev1 each has them anyway")]
    public bool? SplitConnections { get; init; }

    [Description("ike, ikev1 or ikev2; ike, which is ikev2 where we begin, unless said")]
    public IkeVersion? IkeVersion { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class CreateVpnCustomerGatewayHandler(CloudDb db, LiveSettings settings, Secrets secrets, WorkflowQueue queue, TimeProvider clock)
    : IHandle<CreateVpnCustomerGateway, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateVpnCustomerGateway command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
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
        var peer = VpnPeers.Require(wish, before: null, settings.Get(NetworkSettings.MostVpnSubnets), secrets);
        await VpnCustomerGateway.RequireNewAsync(db, peer, owner.AccountId, except: null, ct);
        var gateway = new VpnCustomerGateway(peer, owner.AccountId, owner.DomainId, clock.GetUtcNow());
        db.Add(gateway);
        return new(queue.RecordDone(caller.Asks, nameof(VpnCustomerGateway), gateway.Id.Value).Id, gateway.Id.Value);
    }
}
