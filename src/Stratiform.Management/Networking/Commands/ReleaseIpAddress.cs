using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets others have an address that an account had reserved and no network or VPC of it holds.</summary>
[Command("Gives a reserved public address back", AllowedTo.Everyone)]
internal sealed record ReleaseIpAddress : ICommand<Success>
{
    [Description("The address, which is reserved")]
    public required Id<PublicIpAddress> Id { get; init; }
}

internal sealed class ReleaseIpAddressHandler(CloudDb db, CommandCommit commit) : IHandle<ReleaseIpAddress, Success>
{
    public async Task<Success> HandleAsync(ReleaseIpAddress command, Caller caller, CancellationToken ct)
    {
        var (scopes, accounts) = (db.Visible<RouterScope>(caller), db.VisibleAccounts(caller));
        var address = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == command.Id
                && (scopes.Any(s => s.Id == a.ScopeId) || a.ScopeId == null && accounts.Any(o => o.Id == a.ReservedById)), ct)
            ?? throw Visibility.Unknown(caller, nameof(command.Id), command.Id);
        if (address.State != PublicIpState.Reserved)
            throw Refusal.Conflict($"The public address {address.Address} is {address.State}; a network or VPC holds it: release it from there (disassociateIpAddress).");
        address.Release();
        commit.Add((into, token) => Limits.ReleaseAsync(into, address.Id.Value, token));
        return new();
    }
}
