using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Protocol;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>
/// Everything of a zone that an operation can leak, in the database and on hosts, one line each; ids are replaced by what
/// the thing is, so that footprints of two zones can be compared.
/// </summary>
internal sealed partial class Footprint
{
    private readonly Dictionary<Guid, string> _names;

    private Footprint(SmallZone zone) => _names = zone.Names();

    /// <summary>Sorted.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>Where database and hosts contradict each other, or the database itself.</summary>
    public IReadOnlyList<string> Disagreements { get; private set; } = [];

    public static async Task<Footprint> ReadAsync(SmallZone zone, CancellationToken ct)
    {
        await using var db = zone.Cloud.Open();
        db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
        var books = await Books.ReadAsync(zone, db, ct);
        var sights = await HostSights.ReadAsync(zone, ct);
        var print = new Footprint(zone);
        // Each attempt has a name of its own.
        foreach (var original in books.Originals) print._names.TryAdd(original.ObjectId, print._names.GetValueOrDefault(original.Id.Value, "original"));
        print.Lines = [.. books.Lines().Concat(sights.Lines(zone.Vm?.Id.Value)).Select(print.Named).Order(StringComparer.Ordinal)];
        print.Disagreements = [.. Agreement.Check(books, sights).Select(print.Named).Order(StringComparer.Ordinal)];
        return print;
    }

    /// <summary>Fails unless the line is there.</summary>
    public void ShouldSay(params IReadOnlyList<string> lines)
    {
        foreach (var line in lines) Lines.ShouldContain(line);
    }

    /// <summary>Fails when something of this name is left.</summary>
    public void ShouldNotName(string name) => Lines.Where(line => line.Split(' ', '=').Contains(name)).ShouldBeEmpty();

    private string Named(string line) => AnyId().Replace(line, id => _names.GetValueOrDefault(Guid.Parse(id.Value), "new"));

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyId();
}

/// <summary>What the database says of a zone.</summary>
internal sealed record Books(
    List<Host> Hosts, List<HostCapacity> Capacities, List<HostReservation> Reservations, List<StoragePool> Pools,
    List<PoolReservation> PoolReservations, List<VirtualMachine> Vms, List<Volume> Volumes, List<Nic> Nics, List<NicAddress> Further, List<Vpc> Vpcs, List<AclRule> AclRules,
    List<StaticRoute> Routes, List<PrivateGateway> Doors,
    List<VpnConnection> Vpns, List<VpnCustomerGateway> FarEnds, List<RemoteAccessVpn> Remotes, List<VpnUser> Users,
    List<Network> Networks,
    List<Router> Routers, List<RouterCard> Cards, List<RouterTwin> Twins, List<RouterScope> Scopes, List<RouterSight> Sights, List<Guid> Diagnosed,
    List<NetworkOnHost> Places, List<PublicIpAddress> Addresses, List<NetworkRule> Rules,
    List<LoadBalancer> Balancers, List<LoadBalancerMember> Members, List<StickinessPolicy> Policies, List<HealthPolicy> Checks,
    List<SecurityRule> GroupRules, List<GroupMember> GroupMembers, List<HostGroups> Told,
    List<PoolImage> Copies, List<Template> Templates,
    List<ImageStore> Stores, List<StoreImage> Originals, List<SystemVm> Workers, List<TransferSession> Sessions, List<PublicIpAddress> WorkerAddresses,
    List<ResourceCount> Counts, List<ResourceShare> Shares, List<WorkflowRow> Unfinished, List<WorkflowSubject> Held)
{
    public static async Task<Books> ReadAsync(SmallZone zone, CloudDb db, CancellationToken ct)
    {
        var (id, pool) = (zone.Zone.Id, zone.Pool.Id);
        var hosts = zone.Hosts.Select(h => h.Id).ToList();
        var networks = await db.Set<Network>().Where(n => n.ZoneId == id).ToListAsync(ct);
        var networkIds = networks.Select(n => n.Id).ToList();
        var unfinished = await UnfinishedAsync(zone, db, ct);
        var unfinishedIds = unfinished.Select(w => w.Id).ToList();
        return new(
            await db.Set<Host>().Where(h => h.ZoneId == id).ToListAsync(ct),
            await db.Set<HostCapacity>().Where(c => hosts.Contains(c.HostId)).ToListAsync(ct),
            await db.Set<HostReservation>().Where(r => hosts.Contains(r.HostId)).ToListAsync(ct),
            await db.Set<StoragePool>().Where(p => p.ZoneId == id).ToListAsync(ct),
            await db.Set<PoolReservation>().Where(r => r.PoolId == pool).ToListAsync(ct),
            await db.Set<VirtualMachine>().Where(v => v.ZoneId == id).ToListAsync(ct),
            await db.Set<Volume>().Where(v => v.ZoneId == id).ToListAsync(ct),
            await db.Set<Nic>().Where(n => networkIds.Contains(n.NetworkId)).ToListAsync(ct),
            await db.Set<NicAddress>().Where(a => networkIds.Contains(a.NetworkId)).ToListAsync(ct),
            await db.Set<Vpc>().Where(v => v.ZoneId == id).ToListAsync(ct),
            await db.Set<AclRule>().Where(r => db.Set<AclList>().Any(l => l.Id == r.ListId && l.AccountId == zone.Account.Id)).ToListAsync(ct),
            await db.Set<StaticRoute>().Where(r => r.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<PrivateGateway>().Where(g => g.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<VpnConnection>().Where(c => c.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<VpnCustomerGateway>().Where(g => g.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<RemoteAccessVpn>().Where(v => v.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<VpnUser>().Where(u => u.AccountId == zone.Account.Id).ToListAsync(ct),
            networks,
            await db.Set<Router>().Where(r => r.ZoneId == id).ToListAsync(ct),
            await db.Set<RouterCard>().Where(c => networkIds.Contains(c.NetworkId)).ToListAsync(ct),
            await db.Set<RouterTwin>().Where(t => hosts.Contains(t.HostId)).ToListAsync(ct),
            await db.Set<RouterScope>().Where(s => s.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<RouterSight>().Where(s => db.Set<Router>().Any(r => r.Id == s.RouterId && r.ZoneId == id)).ToListAsync(ct),
            await db.Set<DiagnosticsFile>().Where(f => db.Set<Router>().Any(r => (Guid)(object)r.Id == f.SystemVmId && r.ZoneId == id)).Select(f => f.SystemVmId).ToListAsync(ct),
            await db.Set<NetworkOnHost>().Where(n => hosts.Contains(n.HostId)).ToListAsync(ct),
            await db.Set<PublicIpAddress>().Where(a => (a.ZoneId == id || a.ZoneId == null && db.Set<RouterScope>().Any(s => s.Id == a.ScopeId && s.AccountId == zone.Account.Id)) && (a.ScopeId != null || a.ReservedById != null)).ToListAsync(ct),
            await db.Set<NetworkRule>().Where(r => networkIds.Contains(r.NetworkId)).ToListAsync(ct),
            await db.Set<LoadBalancer>().Where(b => db.Set<NetworkRule>().Any(r => r.Id == b.RuleId && networkIds.Contains(r.NetworkId))).ToListAsync(ct),
            await db.Set<LoadBalancerMember>().Where(m => db.Set<NetworkRule>().Any(r => r.Id == m.RuleId && networkIds.Contains(r.NetworkId))).ToListAsync(ct),
            await db.Set<StickinessPolicy>().Where(p => db.Set<NetworkRule>().Any(r => r.Id == p.RuleId && networkIds.Contains(r.NetworkId))).ToListAsync(ct),
            await db.Set<HealthPolicy>().Where(p => db.Set<NetworkRule>().Any(r => r.Id == p.RuleId && networkIds.Contains(r.NetworkId))).ToListAsync(ct),
            await db.Set<SecurityRule>().Where(r => db.Set<SecurityGroup>().Any(g => g.Id == r.GroupId && g.AccountId == zone.Account.Id)).ToListAsync(ct),
            await db.Set<GroupMember>().Where(m => db.Set<SecurityGroup>().Any(g => g.Id == m.GroupId && g.AccountId == zone.Account.Id)).ToListAsync(ct),
            await db.Set<HostGroups>().Where(g => hosts.Contains(g.HostId)).ToListAsync(ct),
            await db.Set<PoolImage>().Where(i => i.PoolId == pool).ToListAsync(ct),
            await db.Set<Template>().Where(t => t.ZoneId == id).ToListAsync(ct),
            await db.Set<ImageStore>().Where(s => s.ZoneId == id).ToListAsync(ct),
            await db.Set<StoreImage>().Where(i => db.Set<ImageStore>().IgnoreQueryFilters().Any(s => s.Id == i.StoreId && s.ZoneId == id)).ToListAsync(ct),
            await db.Set<SystemVm>().Where(v => v.ZoneId == id).ToListAsync(ct),
            await db.Set<TransferSession>().Where(s => s.ZoneId == id).ToListAsync(ct),
            await db.Set<PublicIpAddress>().Where(a => a.ZoneId == id && a.SystemVmId != null).ToListAsync(ct),
            await db.Set<ResourceCount>().Where(c => c.AccountId == zone.Account.Id).ToListAsync(ct),
            await db.Set<ResourceShare>().Where(s => s.AccountId == zone.Account.Id).ToListAsync(ct),
            unfinished,
            await db.Set<WorkflowSubject>().Where(s => unfinishedIds.Contains(s.WorkflowId)).ToListAsync(ct));
    }

    /// <summary>Workflows about anything of the zone that have not ended.</summary>
    public static async Task<List<WorkflowRow>> UnfinishedAsync(SmallZone zone, CloudDb db, CancellationToken ct)
    {
        var ids = zone.Names().Keys.Cast<Guid?>().ToList();
        var routers = await db.Set<Router>().IgnoreQueryFilters().Where(r => r.ZoneId == zone.Zone.Id).Select(r => (Guid?)r.Id.Value).ToListAsync(ct);
        ids.AddRange(routers);
        ids.AddRange(await db.Set<SystemVm>().IgnoreQueryFilters().Where(v => v.ZoneId == zone.Zone.Id).Select(v => (Guid?)v.Id.Value).ToListAsync(ct));
        return await db.Set<WorkflowRow>().AsNoTracking().Where(w => w.EndedAt == null && ids.Contains(w.InstanceId)).ToListAsync(ct);
    }

    public IEnumerable<string> Lines() =>
    [
        .. Hosts.Select(h => Line($"host {h.Id} known={h.MachineId != default}")),
        .. Capacities.Select(c => Line($"capacity {c.HostId} cpu={c.CpuPromisedMhz} memory={c.MemoryPromisedMib}")),
        .. Reservations.Select(r => Line($"reservation {r.OwnerId} on={r.HostId} cpu={r.CpuMhz} memory={r.MemoryMib}")),
        .. Pools.Select(p => Line($"pool {p.Id} {p.State} promised={p.PromisedBytes}")),
        .. PoolReservations.Select(r => Line($"share {r.VolumeId} of={r.PoolId} bytes={r.SizeBytes}")),
        .. Vms.Select(v => Line($"vm {v.Id} {v.State} on={v.HostId}")),
        .. Vms.Where(v => v.IsoId is not null).Select(v => Line($"drive of={v.Id} wants={v.IsoId}")),
        .. Volumes.Select(v => Line($"volume {v.Id} {v.State} on={v.PoolId}")),
        .. Nics.Select(n => Line($"nic {n.Id} addressed={n.Ip is not null}")),
        .. Vpcs.Select(v => Line($"vpc {v.Id} {v.State}")),
        .. Further.Select(a => Line($"further {a.Id} of={a.NicId}")),
        .. Nics.Where(n => n.IsDefault).Select(n => Line($"way out by={n.Id}")),
        .. Nics.Where(n => n.Ip == SmallZone.OtherIp).Select(n => Line($"moved {n.Id}")),
        .. Routes.Select(r => Line($"{r.Id} {r.State} to={r.Cidr} by={r.NextHop}")),
        .. Doors.Select(g => Line($"{g.Id} {g.State} to={g.NetworkId} guarded={g.AclId}")),
        .. AclRules.Select(r => Line($"acl rule {r.Id} of={r.ListId} number={r.Number} {r.Action} port={r.StartPort}")),
        .. Vpns.Select(c => Line($"vpn {c.Id} of={c.ScopeId} with={c.CustomerGatewayId} {c.State} leaving={c.IsLeaving}")),
        .. Vpns.Where(c => c.Attempt != Guid.Empty).Select(c => Line($"vpn begun anew={c.Id}")),
        .. Remotes.Select(v => Line($"remote access {v.Id} of={v.ScopeId} {v.State}")),
        .. Users.Select(u => Line($"vpn user {u.Id} {u.State}")),
        .. FarEnds.Select(g => Line($"far end {g.Id} at={g.Gateway}")),
        .. Networks.Where(n => n.AclId is not null).Select(n => Line($"guard of={n.Id} by={n.AclId}")),
        .. Networks.Select(n => Line($"network {n.Id} {n.State} numbered={n.Vni is not null}")),
        .. Networks.Where(n => !n.IsPrivate).Select(n => Line($"made of={n.Id} by={n.OfferingId} domain={n.NetworkDomain} asks={string.Join('+', n.NameServers)}")),
        .. Networks.Where(n => n.Mtu != HostNetworks.Mtu).Select(n => Line($"packets in={n.Id} most={n.Mtu}")),
        .. Scopes.Where(s => s.PublicMtu != HostNetworks.Mtu).Select(s => Line($"packets out of={s.Id} most={s.PublicMtu}")),
        .. Places.Where(p => p.Mtu != HostNetworks.Mtu).Select(p => Line($"plug has room in={p.NetworkId} on={p.HostId} most={p.Mtu}")),
        .. Nics.SelectMany(n => n.DhcpOptions.Select(o => Line($"told {n.Id} option={o.Code}"))),
        .. Routers.Select(r => Line($"router {r.Id} {r.State} on={r.HostId}")),
        .. Routers.Where(r => r.Made.MemoryMib > RouterMake.LeastMemoryMib).Select(r => Line($"router large={r.Id}")),
        .. Routers.Where(r => r.ServingId != r.Id.Value).Select(r => Line($"router rebuilt={r.Id}")),
        .. Twins.Select(t => Line($"twin of={t.RouterId} is={t.DomainId} on={t.HostId}")),
        .. Sights.Select(s => Line($"sight of={s.RouterId} well={s.IsWell}")),
        .. Diagnosed.Select(d => Line($"diagnostics of={d}")),
        .. Routers.Where(r => r.IsHeld).Select(r => Line($"router held={r.Id}")),
        .. Cards.Select(c => Line($"router card of={c.RouterId} network={c.NetworkId}")),
        .. Cards.Where(c => c.IsIn && Routers.Any(r => r.Id == c.RouterId && r.State == VmState.Running))
            .Select(c => Line($"router card plugged={c.RouterId} network={c.NetworkId}")),
        .. Places.Select(p => Line($"plug {p.NetworkId} on={p.HostId} ready={p.Ready}")),
        .. Addresses.Where(a => a.ScopeId is not null).Select(a => Line($"public address of={a.ScopeId} nat={a.IsSourceNat}")),
        .. Addresses.Where(a => a.ReservedById is not null).Select(a => Line($"public address reserved={a.Id}")),
        .. Addresses.Where(a => a.IsPortable).Select(a => Line($"portable address={a.Id} of={a.ScopeId}")),
        .. Addresses.Where(a => a is { IsSourceNat: true, IsAcquired: true }).Select(a => Line($"public way out of={a.ScopeId} chosen={a.Id}")),
        .. Addresses.Where(a => a.StaticNatNicId is not null).Select(a => Line($"public address leads={a.StaticNatNicId}")),
        .. Addresses.Where(a => a.IsReleasing).Select(a => Line($"public address leaves={a.ScopeId}")),
        .. Rules.Select(r => Line($"rule {r.Purpose} {r.State} leads={r.NicId} port={r.PrivateStartPort}")),
        .. Rules.Where(r => r.InternalIp is not null).Select(r => Line($"balancer within={r.InternalNetworkId} ip={r.InternalIp}")),
        .. Balancers.Select(b => Line($"balancer of={b.RuleId} {b.Algorithm}")),
        .. Balancers.Where(b => b.Protocol != BalancerProtocol.Tcp).Select(b => Line($"balancer speaks={b.RuleId} {b.Protocol}")),
        .. Rules.Where(r => r.SourceCidrs.Any(c => c.PrefixLength > 0)).Select(r => Line($"rule {r.Purpose} lets in={string.Join('+', r.SourceCidrs)}")),
        .. Balancers.Where(b => b.CertificateId is not null).Select(b => Line($"balancer secured={b.RuleId} by={b.CertificateId}")),
        .. Members.Select(m => Line($"member of={m.RuleId} card={m.NicId}")),
        .. Policies.Select(p => Line($"policy of={p.RuleId} {p.Method}")),
        .. Checks.Select(p => Line($"check of={p.RuleId} every={p.IntervalSeconds}")),
        .. GroupRules.Select(r => Line($"group rule {r.Id} of={r.GroupId} port={r.StartPort}")),
        .. GroupMembers.Select(m => Line($"group {m.GroupId} member={m.VmId}")),
        .. Told.Where(g => g.Applied > 0).Select(g => Line($"groups told={g.HostId}")),
        .. Copies.Select(c => Line($"copy {c.Id} ready={c.Ready}")),
        .. Templates.Select(t => Line($"template {t.Id} {t.State}")),
        .. Stores.Select(s => Line($"store {s.Id} readonly={s.IsReadOnly}")),
        .. Originals.Select(i => Line($"original {i.Id} ready={i.Ready}")),
        .. Workers.Select(v => Line($"worker {v.Id} {v.State} on={v.HostId} sessions={v.Sessions} leaving={v.IsLeaving} held={v.IsHeld} addressed={v.ManagementIp is not null}")),
        .. Workers.Where(v => v.OfferingId != SystemOfferings.BuiltIn.Id).Select(v => Line($"worker of another size={v.Id} chosen={v.ChosenOver is not null}")),
        .. Workers.Where(v => v.NextOfferingId is not null).Select(v => Line($"worker waits for its size of={v.Id}")),
        .. Sessions.Select(s => Line($"session {s.Id} of={s.WorkerId}")),
        .. WorkerAddresses.Select(a => Line($"worker address of={a.SystemVmId}")),
        .. Counts.Where(c => c.Used != 0).Select(c => Line($"count {c.Kind} used={c.Used}")),
        .. Shares.Select(s => Line($"counted {s.OwnerId} {s.Kind} amount={s.Amount}")),
        .. Unfinished.Select(w => Line($"workflow {w.Kind} {w.Phase} {w.Step}")),
        .. Held.Select(s => Line($"subject {s.Subject} held={s.Held}")),
    ];

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is on the hosts, the pool and the image stores of a zone.</summary>
internal sealed record HostSights(
    List<(Id<Host> Host, Guid Domain, PowerState Power)> Domains, List<(Guid Domain, Guid Image)> Discs,
    List<(Guid Domain, NicSpec Card)> Cards, List<(Id<Host> Host, Guid Network)> Networks,
    List<(Id<Host> Host, Guid Router)> Configured, List<(Id<Host> Host, Guid Pool)> Pools, List<Guid> Volumes, List<Guid> Images, List<Guid> Jobs,
    List<(Id<Host> Host, Guid Worker)> SetUp, List<Guid> Stored, List<Guid> Parts, List<Guid> Shut)
{
    public static async Task<HostSights> ReadAsync(SmallZone zone, CancellationToken ct)
    {
        var seen = new HostSights([], [], [], [], [], [], [], [], [], [], [], [], []);
        foreach (var (host, machine) in zone.Hosts.Zip(zone.Machines))
        {
            var domains = await machine.Hypervisor.ReadAllAsync(ct);
            seen.Domains.AddRange(domains.Select(d => (host.Id, d.Report.Id, d.Report.Power)));
            seen.Discs.AddRange(domains.Where(d => d.IsActive && d.Spec.Cdrom is not null).Select(d => (d.Report.Id, d.Spec.Cdrom!.ImageId)));
            seen.Cards.AddRange(domains.Where(d => d.IsActive).SelectMany(d => d.Spec.Nics.Select(card => (d.Report.Id, card))));
            seen.Networks.AddRange((await machine.Fabric.ReadAllAsync(ct)).Select(n => (host.Id, n)));
            seen.Shut.AddRange(machine.Fabric.ShutDoors);
            seen.Configured.AddRange((await machine.Routers.ReadAllAsync(ct)).Select(r => (host.Id, r.Router)));
            foreach (var (worker, jobs) in await machine.Workers.ReadAllAsync(ct))
            {
                seen.SetUp.Add((host.Id, worker));
                seen.Jobs.AddRange(jobs.Select(job => Guid.Parse(job[(job.LastIndexOf('/') + 1)..])));
            }
            seen.Pools.AddRange(machine.Pools.Pools.Select(p => (host.Id, p.Id)));
        }
        var disks = zone.Cloud.Hosts.Disks;
        if (disks.Contents.TryGetValue(zone.Pool.Id.Value, out var content))
        {
            lock (content)
            {
                seen.Volumes.AddRange(content.Volumes.Keys);
                seen.Images.AddRange(content.Images.Keys);
                seen.Jobs.AddRange(content.Copies.Keys);
                seen.Jobs.AddRange(content.Sendings.Keys);
            }
        }
        foreach (var known in new[] { zone.Store, zone.OtherStore })
        {
            if (known is null || !disks.Stores.TryGetValue(known.Url, out var store)) continue;
            lock (store)
            {
                seen.Stored.AddRange(store.Images.Keys);
                seen.Parts.AddRange(store.Parts.Keys);
            }
        }
        return seen;
    }

    /// <param name="guest">The virtual machine, whose cards are told.</param>
    public IEnumerable<string> Lines(Guid? guest) =>
    [
        .. Domains.Select(d => $"on {d.Host}: domain {d.Domain} {d.Power}"),
        .. Discs.Select(d => $"disc in={d.Domain} image={d.Image}"),
        .. Cards.Where(c => c.Domain == guest).Select(c => $"card {c.Card.Id} plugged={c.Domain}"),
        .. Networks.Select(n => $"on {n.Host}: network {n.Network}"),
        .. Configured.Select(r => $"on {r.Host}: configuration {r.Router}"),
        .. Pools.Select(p => $"on {p.Host}: pool {p.Pool}"),
        .. Volumes.Select(v => $"on pool: volume {v}"),
        .. Images.Select(i => $"on pool: image {i}"),
        .. Jobs.Select(j => $"job {j}"),
        .. SetUp.Select(w => $"on {w.Host}: worker {w.Worker}"),
        .. Stored.Select(i => $"in store: image {i}"),
        .. Parts.Select(i => $"in store: part {i}"),
    ];
}
