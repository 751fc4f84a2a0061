using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets somebody in no more by an account's remote access VPNs; who is in is cut off.</summary>
[Command("Removes a VPN user and ends its sessions", AllowedTo.Everyone)]
internal sealed record RemoveVpnUser : IAsyncCommand<Success>
{
    [Description("The user's name")]
    public required string UserName { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class RemoveVpnUserHandler(CloudDb db, WorkflowQueue queue) : IHandle<RemoveVpnUser, JobTicket>
{
    public async Task<JobTicket> HandleAsync(RemoveVpnUser command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var key = VpnUser.KeyOf(command.UserName);
        var user = await db.Set<VpnUser>().SingleOrDefaultAsync(u => u.AccountId == owner.AccountId && u.Key == key, ct)
            ?? throw Refusal.Parameter($"The account has no VPN user {command.UserName} (listVpnUsers).");
        return new(queue.Enqueue(ExcludeVpnUser.For(user), caller.Asks).Id);
    }
}
