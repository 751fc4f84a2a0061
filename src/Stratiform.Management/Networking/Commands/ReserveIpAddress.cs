using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Keeps a free public address for an account, which may acquire it later.</summary>
[Command("Keeps a free public address for an account", AllowedTo.Everyone, Shape = "ipaddress")]
internal sealed record ReserveIpAddress : ICommand<Shown<PublicIpWire>>
{
    [Description("The address, which is free (listPublicIpAddresses with allocatedonly=false)")]
    public required Id<PublicIpAddress> Id { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class ReserveIpAddressHandler(CloudDb db, Addresses addresses, Limits limits, CommandCommit commit, TimeProvider clock)
    : IHandle<ReserveIpAddress, Shown<PublicIpWire>>
{
    public async Task<Shown<PublicIpWire>> HandleAsync(ReserveIpAddress command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var address = await FindAsync(command, caller, ct);
        if (address.IsPortable)
            throw Refusal.Parameter($"The public address {address.Address} is portable and cannot be reserved; acquire it with isportable=true (associateIpAddress).");
        if (address.State != PublicIpState.Free)
            throw Refusal.Conflict($"The public address {address.Address} is {address.State}; only a free one can be reserved (listPublicIpAddresses with allocatedonly=false).");
        await addresses.RequireOpenAsync(address, owner.AccountId, ct);
        var now = clock.GetUtcNow();
        address.Reserve(owner.AccountId, now);
        commit.Add((into, token) => Quarantine.EndAsync(into, into.Set<PublicIpAddress>().Where(a => a.Id == address.Id), now, token));
        commit.Add((into, token) => limits.TakeAsync(into, owner.AccountId, address.Id.Value, ResourceKind.PublicIp, 1, token));
        return new(address.Id.Value);
    }

    // What is free exists for everybody, and the rest for those who have it.
    private async Task<PublicIpAddress> FindAsync(ReserveIpAddress command, Caller caller, CancellationToken ct)
    {
        var (scopes, accounts) = (db.Visible<RouterScope>(caller), db.VisibleAccounts(caller));
        return await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == command.Id && (caller.IsRootAdmin
                || a.ScopeId == null && a.SystemVmId == null && a.ReservedById == null
                || scopes.Any(s => s.Id == a.ScopeId) || a.ScopeId == null && accounts.Any(o => o.Id == a.ReservedById)), ct)
            ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
    }
}
