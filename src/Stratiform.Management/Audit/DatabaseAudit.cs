using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Workflows;

namespace Stratiform.Management.Audit;

/// <summary>Compares the database with itself: counters with reservations, reservations and addresses with who holds them.</summary>
internal sealed class DatabaseAudit(CloudDb db)
{
    public async Task CompareAsync(Findings findings, CancellationToken ct)
    {
        await CountersAsync(findings, ct);
        await ReservationsAsync(findings, ct);
        await LimitsAsync(findings, ct);
        await AddressesAsync(findings, ct);
        await OrphansAsync(findings, ct);
    }

    private async Task CountersAsync(Findings findings, CancellationToken ct)
    {
        var hosts = await db.Set<HostCapacity>().Select(c => new
        {
            c.HostId,
            Right = c.CpuPromisedMhz == db.Set<HostReservation>().Where(r => r.HostId == c.HostId).Sum(r => r.CpuMhz)
                && c.MemoryPromisedMib == db.Set<HostReservation>().Where(r => r.HostId == c.HostId).Sum(r => r.MemoryMib),
        }).ToListAsync(ct);
        findings.Rows("hostcapacity", hosts.Count, hosts.Where(h => !h.Right).Select(h => h.HostId.Value),
            "what the host has promised is not the sum of its reservations");
        var pools = await db.Set<StoragePool>().Select(p => new
        {
            p.Id,
            Right = p.PromisedBytes == db.Set<PoolReservation>().Where(r => r.PoolId == p.Id).Sum(r => r.SizeBytes),
        }).ToListAsync(ct);
        findings.Rows("storagepool", pools.Count, pools.Where(p => !p.Right).Select(p => p.Id.Value),
            "what the pool has promised is not the sum of its reservations");
        var workers = await db.Set<SystemVm>().Select(v => new
        {
            v.Id,
            Right = v.Sessions == db.Set<TransferSession>().Count(s => s.WorkerId == (Guid)(object)v.Id),
        }).ToListAsync(ct);
        findings.Rows("systemvm", workers.Count, workers.Where(v => !v.Right).Select(v => v.Id.Value), "its transfers are counted wrongly");
    }

    private async Task ReservationsAsync(Findings findings, CancellationToken ct)
    {
        var shares = await db.Set<HostReservation>().Select(r => new { r.OwnerId, r.HostId }).ToListAsync(ct);
        var vms = await db.Set<VirtualMachine>().Where(v => v.HostId != null).Select(v => new { v.Id, v.HostId }).ToListAsync(ct);
        var routers = await db.Set<Router>().Where(r => r.HostId != null).Select(r => new { Id = r.ServingId, r.HostId }).ToListAsync(ct);
        var twins = await db.Set<RouterTwin>().Select(t => new { t.DomainId, t.HostId }).ToListAsync(ct);
        var workers = await db.Set<SystemVm>().Where(v => v.HostId != null).Select(v => new { v.Id, v.HostId }).ToListAsync(ct);
        var reserved = shares.Select(s => (s.OwnerId, s.HostId)).ToHashSet();
        var placed = vms.Select(v => (OwnerId: v.Id.Value, HostId: v.HostId!.Value))
            .Concat(routers.Select(r => (OwnerId: r.Id, HostId: r.HostId!.Value)))
            .Concat(twins.Select(t => (OwnerId: t.DomainId, t.HostId)))
            .Concat(workers.Select(v => (OwnerId: v.Id.Value, HostId: v.HostId!.Value))).ToHashSet();
        findings.Rows("reservation", reserved.Count, reserved.Except(placed).Select(r => r.OwnerId), "it holds a share of a host on which it is not placed");
        findings.Rows("reservation", placed.Count, placed.Except(reserved).Select(r => r.OwnerId), "it is placed on a host of which it holds no share");

        var disks = (await db.Set<PoolReservation>().Select(r => new { r.VolumeId, r.PoolId }).ToListAsync(ct))
            .Select(r => (r.VolumeId, r.PoolId)).ToHashSet();
        var volumes = (await db.Set<Volume>().Where(v => v.PoolId != null).Select(v => new { v.Id, v.PoolId }).ToListAsync(ct))
            .Select(v => (VolumeId: v.Id, PoolId: v.PoolId!.Value)).ToHashSet();
        findings.Rows("poolreservation", disks.Count, disks.Except(volumes).Select(r => r.VolumeId.Value), "it holds a share of a pool on which it does not lie");
        findings.Rows("poolreservation", volumes.Count, volumes.Except(disks).Select(r => r.VolumeId.Value), "it lies on a pool of which it holds no share");

        var held = await db.Set<WorkflowSubject>().CountAsync(ct);
        var ended = await (
            from subject in db.Set<WorkflowSubject>()
            join workflow in db.Set<WorkflowRow>() on subject.WorkflowId equals workflow.Id
            where workflow.EndedAt != null
            select workflow.Id).Distinct().ToListAsync(ct);
        findings.Rows("workflow", held, ended, "it has ended and still holds its subjects");
    }

    private async Task LimitsAsync(Findings findings, CancellationToken ct)
    {
        var counts = await db.Set<ResourceCount>().Select(c => new
        {
            c.AccountId,
            Right = c.Used == db.Set<ResourceShare>().Where(s => s.AccountId == c.AccountId && s.Kind == c.Kind).Sum(s => s.Amount),
        }).ToListAsync(ct);
        findings.Rows("resourcecount", counts.Count, counts.Where(c => !c.Right).Select(c => c.AccountId.Value),
            "what the account is counted for is not the sum of what it has");
        var lost = await db.Set<ResourceShare>().Select(s => s.OwnerId)
            .Except(db.Set<VirtualMachine>().Where(v => v.State != VmState.Destroyed).Select(v => (Guid)(object)v.Id))
            .Except(db.Set<Volume>().Select(v => (Guid)(object)v.Id))
            .Except(db.Set<Network>().Select(n => (Guid)(object)n.Id))
            .Except(db.Set<Vpc>().Select(v => (Guid)(object)v.Id))
            .Except(db.Set<PublicIpAddress>().Where(a => a.ScopeId != null || a.ReservedById != null).Select(a => (Guid)(object)a.Id))
            .Except(db.Set<Template>().Select(t => (Guid)(object)t.Id)).ToListAsync(ct);
        findings.Rows("resourceshare", 0, lost, "an account is counted for it, and it is gone");
    }

    private async Task AddressesAsync(Findings findings, CancellationToken ct)
    {
        var nics = await db.Set<Nic>().CountAsync(ct);
        var lost = await db.Set<Nic>().Where(n => !db.Set<VirtualMachine>().Any(v => (Guid)(object)v.Id == n.GuestId))
            .Select(n => n.Id).ToListAsync(ct);
        findings.Rows("nic", nics, lost.Select(n => n.Value), "it belongs to no virtual machine and holds an address");
        var removed = await db.Set<Nic>().IgnoreQueryFilters().Where(n => n.RemovedAt != null && n.Ip != null).Select(n => n.Id).ToListAsync(ct);
        findings.Rows("nic", 0, removed.Select(n => n.Value), "it is removed and still holds an address");

        var taken = await db.Set<PublicIpAddress>().Where(a => a.ScopeId != null).Select(a => new
        {
            a.Id,
            Scope = a.ScopeId!.Value,
            // Those that were acquired stay while nothing runs in it.
            Used = db.Set<Vpc>().Any(v => v.ScopeId == a.ScopeId) || db.Set<Network>().Any(n => n.ScopeId == a.ScopeId && (n.State != NetworkState.Allocated || !a.IsSourceNat)),
        }).ToListAsync(ct);
        var ofSystemVms = await db.Set<PublicIpAddress>().Where(a => a.SystemVmId != null).Select(a => new
        {
            Id = a.SystemVmId!.Value,
            Used = db.Set<SystemVm>().Any(v => (Guid)(object)v.Id == a.SystemVmId),
        }).ToListAsync(ct);
        findings.Rows("systemvm", ofSystemVms.Count, ofSystemVms.Where(a => !a.Used).Select(a => a.Id), "it holds a public address and is gone");
        findings.Rows("network", taken.Count, taken.Where(a => !a.Used).Select(a => a.Scope.Value), "it holds a public address and is not implemented");
        var numbered = await db.Set<Network>().IgnoreQueryFilters()
            .Where(n => n.Vni != null && (n.RemovedAt != null || n.State == NetworkState.Allocated && !n.IsShared)).Select(n => n.Id).ToListAsync(ct);
        findings.Rows("network", 0, numbered.Select(n => n.Value), "it holds a number on the wires and is not implemented");
    }

    private async Task OrphansAsync(Findings findings, CancellationToken ct)
    {
        var volumes = await db.Set<Volume>()
            .Where(v => v.VirtualMachineId != null && !db.Set<VirtualMachine>().Any(vm => (Guid)(object)vm.Id == v.VirtualMachineId))
            .Select(v => v.Id).ToListAsync(ct);
        findings.Rows("volume", 0, volumes.Select(v => v.Value), "it is attached to a virtual machine that is gone");
        var routers = await db.Set<Router>().Where(r => !db.Set<RouterCard>().Any(c => c.RouterId == r.Id)).Select(r => r.Id).ToListAsync(ct);
        findings.Rows("router", 0, routers.Select(r => r.Value), "it serves no network");
        var rules = await db.Set<NetworkRule>().Select(r => new
        {
            r.Id,
            Placed = r.InternalNetworkId == null || db.Set<Network>().Any(t => t.Id == r.InternalNetworkId && db.Set<Network>().Any(n => n.Id == r.NetworkId && n.VpcId == t.VpcId)),
            Held = r.AddressId == null || db.Set<PublicIpAddress>().Any(a => a.Id == r.AddressId && db.Set<Network>().Any(n => n.Id == r.NetworkId && n.ScopeId == a.ScopeId)),
            Leads = r.NicId == null || db.Set<Nic>().Any(n => n.Id == r.NicId),
            Opened = r.OpenedFor == null || db.Set<NetworkRule>().Any(f => f.Id == r.OpenedFor),
        }).ToListAsync(ct);
        findings.Rows("networkrule", rules.Count, rules.Where(r => !r.Held).Select(r => r.Id.Value), "its network does not hold its public address");
        findings.Rows("networkrule", 0, rules.Where(r => !r.Placed).Select(r => r.Id.Value), "its VPC has no tier of its address");
        findings.Rows("networkrule", 0, rules.Where(r => !r.Leads).Select(r => r.Id.Value), "it leads to a card that is gone");
        findings.Rows("networkrule", 0, rules.Where(r => !r.Opened).Select(r => r.Id.Value), "the rule that it was opened for is gone");
        var members = await db.Set<LoadBalancerMember>().Where(m => !db.Set<Nic>().Any(n => n.Id == m.NicId)).Select(m => m.RuleId).Distinct().ToListAsync(ct);
        findings.Rows("networkrule", 0, members.Select(m => m.Value), "it spreads to a card that is gone");
        var leading = await db.Set<PublicIpAddress>().Where(a => a.StaticNatNicId != null && !db.Set<Nic>().Any(n => n.Id == a.StaticNatNicId))
            .Select(a => a.Id).ToListAsync(ct);
        findings.Rows("publicipaddress", 0, leading.Select(a => a.Value), "it leads to a card that is gone");
        var sessions = await db.Set<TransferSession>().Select(s => s.Id).ToListAsync(ct);
        findings.Rows("transfersession", sessions.Count, sessions, "nobody transfers it any more");
    }
}
