using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>
/// Lets steps tell hosts of what they wrote about security groups, and wait until they know: a change raises the wanted generation of
/// each host that it matters to in the same commit, and one ApplyGroups brings a host to the newest.
/// </summary>
public sealed class GroupsInStep(CloudDb db, WorkflowQueue queue)
{
    /// <summary>In the commit that changes a group's rules: hosts where its members run have something to learn.</summary>
    public Task RuleChangedAsync(DbContext commit, Id<SecurityGroup> group, CancellationToken ct) =>
        RaiseAsync(commit, HostsOf(commit, commit.Set<GroupMember>().Where(m => m.GroupId == group)), ct);

    /// <summary>
    /// In the commit that gives a virtual machine a host, an address or a card, or takes one from it: its host has something to learn, and
    /// so have those whose guests let its groups in.
    /// </summary>
    public Task GuestChangedAsync(DbContext commit, Id<VirtualMachine> vm, CancellationToken ct)
    {
        var own = commit.Set<GroupMember>().Where(m => m.VmId == vm).Select(m => m.GroupId);
        var followers = commit.Set<GroupMember>().Where(m => m.VmId == vm
            || commit.Set<SecurityRule>().Any(r => r.GroupId == m.GroupId && r.PeerId != null && own.Contains(r.PeerId.Value)));
        return RaiseAsync(commit, HostsOf(commit, followers), ct);
    }

    /// <summary>The generations that the hosts of a group's members have to reach.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> WantedAsync(Id<SecurityGroup> group, CancellationToken ct)
    {
        var hosts = HostsOf(db, db.Set<GroupMember>().Where(m => m.GroupId == group));
        return await db.Set<HostGroups>().AsNoTracking().Where(g => hosts.Contains(g.HostId)).ToDictionaryAsync(g => g.HostId.Value, g => g.Wanted, ct);
    }

    /// <summary>Whether they have; if not, sees to it that each host behind is told.</summary>
    /// <param name="generations">By host.</param>
    /// <param name="since">Failures before this are others'.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="CloudException">A host is away or refused; the text says which and why (534).</exception>
    public async Task<bool> HaveAppliedAsync(IReadOnlyDictionary<Guid, long> generations, DateTimeOffset since, CancellationToken ct)
    {
        var ids = generations.Keys.Select(id => new Id<Host>(id)).ToList();
        var behind = (await BehindAsync(ids, ct)).Where(b => b.Applied < generations[b.Host.Id.Value]).ToList();
        foreach (var (host, _, state) in behind)
        {
            if (state != HostState.Up)
                throw Refusal.Unavailable($"The host {host.Name}, where virtual machines of the group run, is away: what it lets pass stays as it was.");
            var instance = host.Id.Value;
            var failure = await db.Set<WorkflowRow>().AsNoTracking()
                .Where(w => w.InstanceId == instance && w.Kind == nameof(ApplyGroups) && w.Phase == Phase.Failed && w.EndedAt > since)
                .OrderByDescending(w => w.EndedAt).Select(w => w.ErrorText).FirstOrDefaultAsync(ct);
            if (failure is not null) throw Refusal.Unavailable($"The host {host.Name} keeps its security groups as they were: {failure}");
            await queue.EnqueueUnlessPendingAsync(ApplyGroups.For(host.Id), ct);
        }
        return behind.Count == 0;
    }

    /// <summary>The orders that bring a host forward that a guest is about to start on; none when it knows all.</summary>
    public async Task<IReadOnlyList<Order<ApplyGroups>>> ToTellAsync(Id<Host> host, CancellationToken ct) =>
        (await BehindAsync([host], ct)).Count == 0 ? [] : [ApplyGroups.For(host)];

    /// <summary>Hosts that do not know what they should, those of all unless named.</summary>
    public async Task<IReadOnlyList<(Host Host, long Applied, HostState State)>> BehindAsync(IReadOnlyCollection<Id<Host>>? among, CancellationToken ct)
    {
        var behind = await (
            from known in db.Set<HostGroups>().AsNoTracking()
            where among == null || among.Contains(known.HostId)
            join host in db.Set<Host>().AsNoTracking() on known.HostId equals host.Id
            join sight in db.Set<HostSight>() on host.Id equals sight.HostId
            where known.Applied < known.Wanted || known.BootId != sight.BootId
            select new { Host = host, Applied = known.BootId == sight.BootId ? known.Applied : 0, sight.State }).ToListAsync(ct);
        return [.. behind.Select(b => (b.Host, b.Applied, b.State))];
    }

    private static IQueryable<Id<Host>> HostsOf(DbContext db, IQueryable<GroupMember> members) =>
        db.Set<VirtualMachine>().Where(vm => vm.HostId != null && members.Any(m => m.VmId == vm.Id)).Select(vm => vm.HostId!.Value).Distinct();

    private async Task RaiseAsync(DbContext commit, IQueryable<Id<Host>> hosts, CancellationToken ct)
    {
        var ids = (await hosts.ToListAsync(ct)).Select(h => h.Value).Order().ToArray();
        if (ids.Length == 0) return;
        await commit.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO host_groups (host_id, wanted, applied, boot_id) SELECT id, 1, 0, '' FROM unnest({ids}) AS id ORDER BY id
            ON CONFLICT (host_id) DO UPDATE SET wanted = host_groups.wanted + 1
            """,
            ct);
        var there = ids.Select(id => new Id<Host>(id)).ToList();
        var up = await commit.Set<HostSight>().Where(s => there.Contains(s.HostId) && s.State == HostState.Up).Select(s => s.HostId).ToListAsync(ct);
        foreach (var host in up) await queue.EnqueueUnlessPendingAsync(ApplyGroups.For(host), ct);
    }
}
