using System.ComponentModel;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets the VPN users of its owner into a network of its own or a VPC.</summary>
[Command("Creates a remote access VPN: the owner's VPN users may come into the network or VPC by its public address", AllowedTo.Everyone)]
internal sealed record CreateRemoteAccessVpn : IAsyncCommand<RemoteAccessVpnWire>
{
    [Description("The public address that clients dial: the one that guests go out by")]
    public required Id<PublicIpAddress> PublicIpId { get; init; }

    [Description("The addresses that clients are given, such as 10.1.2.1-10.1.2.8; those of the setting remote.access.vpn.client.iprange unless said")]
    public string? IpRange { get; init; }

    [Description("False leaves it to firewall rules who may dial; true unless said. In a VPC all may")]
    public bool? OpenFirewall { get; init; }
}

internal sealed class CreateRemoteAccessVpnHandler(
    CloudDb db, CommandCommit commit, LiveSettings settings, Secrets secrets, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateRemoteAccessVpn, JobTicket>
{
    // Without those that people take for each other.
    private const string Letters = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public async Task<JobTicket> HandleAsync(CreateRemoteAccessVpn command, Caller caller, CancellationToken ct)
    {
        var (address, network) = await db.FindHeldAsync(caller, command.PublicIpId, ct);
        var raise = await RequireServiceAsync(address, network, ct);
        if (!address.IsSourceNat)
            throw Refusal.Parameter($"VPN clients dial the address that guests go out by; {address.Address} is another. listPublicIpAddresses with issourcenat=true tells it.");
        if (await db.Set<RemoteAccessVpn>().AnyAsync(v => v.AddressId == address.Id, ct))
            throw Refusal.Parameter($"The public address {address.Address} has a remote access VPN already (listRemoteAccessVpns).");
        var range = ClientRange.Require(command.IpRange ?? settings.Get(NetworkSettings.ClientIpRange));
        var key = RandomNumberGenerator.GetString(Letters, settings.Get(NetworkSettings.ClientKeyLength));
        var owner = await db.Set<RouterScope>().AsNoTracking().SingleAsync(s => s.Id == address.ScopeId, ct);
        var vpn = new RemoteAccessVpn(address, owner.AccountId, owner.DomainId, range, secrets.Wrap(key), clock.GetUtcNow())
        {
            OpensFirewall = network is null || command.OpenFirewall != false,
        };
        db.Add(vpn);
        commit.Add((into, token) => RemoteAccess.TakeTurnAsync(into, vpn.AccountId, token));
        commit.Add(raise);
        commit.Add((into, token) => RemoteAccess.RequireFitAsync(into, vpn, token));
        return new(queue.Enqueue(OpenRemoteAccess.For(vpn), caller.Asks).Id, vpn.Id.Value);
    }

    // What lets its router know, in the commit.
    private async Task<Func<DbContext, CancellationToken, Task>> RequireServiceAsync(PublicIpAddress address, Network? network, CancellationToken ct)
    {
        if (network is not null)
        {
            await db.RequireServiceAsync(network, NetworkServices.Vpn, ct);
            return (into, token) => RoutersInStep.RaiseForChangeAsync(into, network.Id, token);
        }
        var vpc = await db.Set<Vpc>().SingleAsync(v => v.ScopeId == address.ScopeId, ct);
        await VpcOffering.RequireAsync(db, vpc, NetworkServices.Vpn, ct);
        return (into, token) => Vpc.RaiseForChangeAsync(into, vpc, token);
    }
}
