using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>
/// Who may use a network besides its owner. A permission is for guests alone: the network, its addresses and its rules stay the owner's.
/// Whoever puts a guest in and whoever takes the permission back write the same row, so that one of them sees what the other did.
/// </summary>
internal sealed class NetworkPermissions(CloudDb db, EventLog events, IEnumerable<IGuestsOfNetwork> guests)
{
    /// <summary>The network of a parameter, for its owner to say who may use it.</summary>
    /// <exception cref="CloudException">It does not exist for the caller, or is none that is given to accounts (431).</exception>
    public async Task<Network> FindAsync(Caller caller, Id<Network> networkId, CancellationToken ct)
    {
        var network = await db.FindVisibleAsync(caller, networkId, ct);
        if (network.IsShared)
            throw Refusal.Parameter($"The network {network.Name} is shared by what was said when it was made; permissions are for networks of type Isolated and L2.");
        return network.VpcId is null ? network
            : throw Refusal.Parameter($"The network {network.Name} is a tier of a VPC, whose rules are its owner's; permissions are for networks of their own.");
    }

    /// <summary>The accounts that a command names, without the owner.</summary>
    /// <exception cref="CloudException">It names none, or one that is not in the owner's domain (431).</exception>
    public async Task<IReadOnlyList<Account>> NamedAsync(
        Network network, IReadOnlyList<string>? names, IReadOnlyList<Id<Account>>? ids, CancellationToken ct)
    {
        if (names is not { Count: > 0 } && ids is not { Count: > 0 }) throw Refusal.Parameter("Say which accounts: give accounts or accountids.");
        (names, ids) = (names ?? [], ids ?? []);
        var found = await db.Set<Account>().Where(a => a.DomainId == network.DomainId && (names.Contains(a.Name) || ids.Contains(a.Id))).ToListAsync(ct);
        var missing = names.Except(found.Select(a => a.Name)).Concat(ids.Except(found.Select(a => a.Id)).Select(id => id.ToString())).FirstOrDefault();
        if (missing is not null) throw Refusal.Parameter($"There is no account {missing} in the domain of the network's owner; nothing was changed.");
        return [.. found.Where(a => a.Id != network.AccountId)];
    }

    /// <summary>Lets accounts use the network.</summary>
    public async Task GiveAsync(Network network, IReadOnlyList<Account> accounts, Caller caller, CancellationToken ct)
    {
        var have = await db.Set<NetworkPermission>().Where(p => p.NetworkId == network.Id).Select(p => p.AccountId).ToListAsync(ct);
        var added = accounts.Where(a => !have.Contains(a.Id)).ToList();
        db.AddRange(added.Select(account => new NetworkPermission { NetworkId = network.Id, AccountId = account.Id }));
        if (added.Count > 0) Record(network, $"now also used by {Names(added)}", caller);
    }

    /// <summary>Takes the permission back from these accounts, for the command's commit.</summary>
    /// <param name="commit">The commit.</param>
    /// <param name="network">The network.</param>
    /// <param name="accounts">The accounts; null for all that have it.</param>
    /// <param name="ct">Cancels it.</param>
    /// <exception cref="CloudException">One of them has virtual machines in the network (536).</exception>
    public async Task TakeBackAsync(DbContext commit, Network network, IReadOnlyList<Id<Account>>? accounts, CancellationToken ct)
    {
        var given = commit.Set<NetworkPermission>().Where(p => p.NetworkId == network.Id && (accounts == null || accounts.Contains(p.AccountId)));
        await TouchAsync(given, ct);
        var taken = await given.Select(p => p.AccountId).ToListAsync(ct);
        var users = new List<Id<Account>>();
        foreach (var owner in guests) users.AddRange(await owner.OwnersAsync(network.Id, ct));
        if (users.Intersect(taken).ToList() is { Count: > 0 } still)
        {
            var names = await commit.Set<Account>().Where(a => still.Contains(a.Id)).OrderBy(a => a.Name).Select(a => a.Name).ToListAsync(ct);
            throw Refusal.InUse($"Virtual machines of {string.Join(", ", names)} are in the network {network.Name}; have their cards removed (removeNicFromVirtualMachine) or them destroyed and expunged first.");
        }
        await given.ExecuteDeleteAsync(ct);
    }

    /// <summary>Notes for the event log who may use the network from now on.</summary>
    public void Record(Network network, string what, Caller caller) =>
        events.Add(caller, NetworkEvents.Updated, $"The network {network.Name} is {what}", nameof(Network), network.Id.Value, network.Name);

    /// <summary>In the commit that puts a guest into the network: whoever owns it may, and still may when that is written.</summary>
    /// <exception cref="CloudException">The permission has just been taken back (531).</exception>
    public static async Task HoldAsync(DbContext commit, Network network, Id<Account> account, CancellationToken ct)
    {
        if (network.IsShared || network.AccountId == account) return;
        if (await TouchAsync(commit.Set<NetworkPermission>().Where(p => p.NetworkId == network.Id && p.AccountId == account), ct) == 0)
            throw Refusal.Permission($"The permission to use the network {network.Name} has just been taken back; its owner can give it again (createNetworkPermissions).");
    }

    /// <summary>Accounts for a sentence.</summary>
    public static string Names(IEnumerable<Account> accounts) => string.Join(", ", accounts.Select(a => a.Name).Order(StringComparer.Ordinal));

    private static Task<int> TouchAsync(IQueryable<NetworkPermission> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(p => p.AccountId, p => p.AccountId), ct);
}
