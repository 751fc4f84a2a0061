using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Lets somebody in by all remote access VPNs of an account.</summary>
[Command("Adds a VPN user, whom all remote access VPNs of the account let in", AllowedTo.Everyone)]
internal sealed record AddVpnUser : IAsyncCommand<VpnUserWire>
{
    [Description("The user's name: 3 to 64 letters, digits and any of @ . _ -; capitals do not tell names apart")]
    public required string UserName { get; init; }

    [Description("The user's password: 3 to 64 printable ASCII characters")]
    public required string Password { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class AddVpnUserHandler(
    CloudDb db, CommandCommit commit, LiveSettings settings, Secrets secrets, WorkflowQueue queue, TimeProvider clock) : IHandle<AddVpnUser, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AddVpnUser command, Caller caller, CancellationToken ct)
    {
        VpnUser.Require(command.UserName, command.Password);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var key = VpnUser.KeyOf(command.UserName);
        if (await db.Set<VpnUser>().AnyAsync(u => u.AccountId == owner.AccountId && u.Key == key, ct))
            throw Refusal.Parameter($"The account has a VPN user {command.UserName} already; for another password, remove it first (removeVpnUser).");
        var user = new VpnUser(command.UserName, secrets.Wrap(command.Password), owner.AccountId, owner.DomainId, clock.GetUtcNow());
        db.Add(user);
        commit.Add((into, token) => RemoteAccess.RaiseAsync(into, user.AccountId, token));
        commit.Add((into, token) => RequireRoomAsync(into, user, settings.Get(NetworkSettings.MostVpnUsers), token));
        return new(queue.Enqueue(AdmitVpnUser.For(user), caller.Asks).Id, user.Id.Value);
    }

    private static async Task RequireRoomAsync(DbContext into, VpnUser user, int most, CancellationToken ct)
    {
        if (await into.Set<VpnUser>().CountAsync(u => u.AccountId == user.AccountId, ct) > most)
            throw Refusal.Limit($"The account has {most} VPN users, which is as many as it may; remove one first (removeVpnUser).");
    }
}
