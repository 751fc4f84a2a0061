using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Stratiform.Agent.Compute;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Protocol;
using Stratiform.Simulator;

namespace Stratiform.Workflows.Tests.Cloud;

/// <summary>
/// A zone of one run: hosts, a pool, a template, a network, a virtual machine. It is arranged row by row and fake by fake, as
/// workflows would have left it, since arranging by workflows would cost more than what is tested.
/// </summary>
internal sealed class SmallZone
{
    private readonly DateTimeOffset _now;

    private SmallZone(SimulatedStratiform cloud, CloudDb db, int hosts)
    {
        (Cloud, Db, _now) = (cloud, db, cloud.Clock.GetUtcNow());
        Machines = cloud.TakeHosts(hosts);
        Zone = new Zone(Id.New<Zone>().ToString(), _now) { Dns1 = "192.0.2.1", InternalDns1 = "192.0.2.1", AllocationState = AllocationState.Enabled };
        Wires = new PhysicalNetwork("wires", Zone, _now) { State = AllocationState.Enabled };
        // Addresses of its own: workers of all zones are in one simulated world.
        var number = Machines[0].Number;
        string Ip(int last) => string.Create(CultureInfo.InvariantCulture, $"10.{number / 250}.{number % 250}.{last}");
        string PublicIp(int last) => string.Create(CultureInfo.InvariantCulture, $"100.{number / 250}.{number % 250}.{last}");
        Range = new PublicIpRange(Wires, IPAddress.Parse(PublicIp(10)), IPAddress.Parse(PublicIp(12)), _now)
        {
            Gateway = IPAddress.Parse(PublicIp(1)),
            Netmask = IPAddress.Parse("255.255.255.0"),
        };
        var pod = new Pod("pod", Zone, _now)
        {
            Gateway = IPAddress.Parse(Ip(1)),
            Netmask = IPAddress.Parse("255.255.255.0"),
            StartIp = IPAddress.Parse(Ip(10)),
            EndIp = IPAddress.Parse(Ip(20)),
        };
        WorkerIp = Ipv4Address.Of(pod.StartIp);
        Cluster = new Cluster("cluster", pod, Hypervisor.Simulator, _now);
        Hosts = [.. Machines.Select(m => new Host(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://sim/{m.Number}")), Cluster, _now))];
        Pool = new StoragePool("pool", $"/pools/{Zone.Id}", Zone.Id, Cluster.Id, host: null, _now);
        Account = new Account(Zone.Name, cloud.Offerings.Root, AllowedTo.User, _now);
        Template = new Template("template", $"http://images/{Zone.Id}", Account.Id, Account.DomainId, Zone.Id, _now);
        Iso = new Template("iso", $"http://images/{Zone.Id}.iso", Account.Id, Account.DomainId, Zone.Id, _now) { Format = ImageFormat.Iso };
        Network = new Network("net", cloud.Offerings.Network, Wires, new Subnet(IPNetwork.Parse("10.1.1.0/24"), IPAddress.Parse("10.1.1.1")), Template.AccountId, Template.DomainId, _now)
        {
            NetworkDomain = "cloud.internal",
        };
        Side = new Network("side", cloud.Offerings.Wires, Wires, subnet: null, Template.AccountId, Template.DomainId, _now) { NetworkDomain = "cloud.internal" };
        db.AddRange(Zone, Wires, new NetworkTraffic(Wires, Protocol.TrafficType.Management), Range, pod, Cluster, Pool, Account, Template, Iso, Network, Side);
        Count(Template.Id.Value, (ResourceKind.Template, 1));
        Count(Network.Id.Value, (ResourceKind.Network, 1));
        db.AddRange(Hosts);
        db.AddRange(Enumerable.Range(10, 3).Select(n => new PublicIpAddress(Range, Ipv4Address.Of(IPAddress.Parse(PublicIp(n))))));
    }

    /// <summary>An address of the network that nobody has, and nobody gets by chance.</summary>
    public static Ipv4Address OtherIp { get; } = Ipv4Address.Of(Addresses.OperatorsOf(IPNetwork.Parse("10.1.1.0/24")));

    public SimulatedStratiform Cloud { get; }
    public CloudDb Db { get; }
    public IReadOnlyList<SimulatedHost> Machines { get; }
    public IReadOnlyList<Host> Hosts { get; }
    public Zone Zone { get; }
    public PhysicalNetwork Wires { get; }
    public PublicIpRange Range { get; }
    public Cluster Cluster { get; }
    public StoragePool Pool { get; }
    public ImageStore? Store { get; private set; }
    public ImageStore? OtherStore { get; private set; }
    public SmallZone? Elsewhere { get; private set; }
    public Guid? Orphan { get; private set; }
    public Guid? Leftover { get; private set; }
    public SystemVm? Worker { get; private set; }
    public Ipv4Address WorkerIp { get; }
    public Account Account { get; }
    public Template Template { get; }
    public Template Iso { get; }
    public Template? Made { get; private set; }
    public Volume? Disk { get; private set; }
    public Template? Content { get; private set; }
    public Network Network { get; }
    public Vpc? Vpc { get; private set; }
    public Network? Front { get; private set; }
    public Network? Back { get; private set; }
    public AclList? Acl { get; private set; }
    public AclRule? AclRule { get; private set; }
    public StaticRoute? Route { get; private set; }
    public PrivateGateway? Door { get; private set; }
    public Network? Beside { get; private set; }
    public SecurityGroup? Group { get; private set; }
    public SecurityRule? GroupRule { get; private set; }
    public VpnCustomerGateway? Office { get; private set; }
    public VpnConnection? Vpn { get; private set; }
    public RemoteAccessVpn? Remote { get; private set; }
    public VpnUser? User { get; private set; }

    /// <summary>Another network, of layer 2.</summary>
    public Network Side { get; }
    public Router? Router { get; private set; }
    public RouterCard? Card { get; private set; }

    /// <summary>The router of the network, where the VPC has one as well.</summary>
    public Router? Former { get; private set; }
    public RouterCard? FormerCard { get; private set; }

    /// <summary>With whom the router takes turns.</summary>
    public Router? Second { get; private set; }
    public RouterCard? SecondCard { get; private set; }
    public IReadOnlyList<Router> Routers => [.. new[] { Router, Second }.OfType<Router>()];
    public VirtualMachine? Vm { get; private set; }
    public Volume? Root { get; private set; }
    public Nic? Nic { get; private set; }
    public Nic? SideNic { get; private set; }
    public NicAddress? Further { get; private set; }
    public PublicIpAddress? Address { get; private set; }
    public NetworkRule? Rule { get; private set; }
    public NetworkRule? Inner { get; private set; }

    /// <summary>What load balancers can end TLS by.</summary>
    public SslCertificate? Certificate { get; private set; }

    /// <summary>What the virtual machine's workflows hold.</summary>
    public IReadOnlyList<Subject> VmSubjects => [Vm!.Subject, Root!.Subject];

    /// <summary>Ids of the zone's things, and what they are called in footprints.</summary>
    public Dictionary<Guid, string> Names()
    {
        var names = new Dictionary<Guid, string>
        {
            [Template.Id.Value] = "template",
            [PoolImage.IdOf(Template.Id, Pool.Id).Value] = "copy",
            [Iso.Id.Value] = "iso",
            [PoolImage.IdOf(Iso.Id, Pool.Id).Value] = "disc",
            [Pool.Id.Value] = "pool",
            [Network.Id.Value] = "net",
            [Side.Id.Value] = "side",
            [Cloud.Offerings.Network.Id.Value] = "isolated",
            [Cloud.Offerings.Lasting.Id.Value] = "lasting",
            [Cloud.Offerings.Twofold.Id.Value] = "twofold",
            [Cloud.Offerings.Wires.Id.Value] = "wires",
            [HostNetworks.Public.NetworkId] = "outside",
            [HostNetworks.Management.NetworkId] = "management",
            [Zone.Id.Value] = "zone",
        };
        for (var i = 0; i < Hosts.Count; i++) names[Hosts[i].Id.Value] = string.Create(CultureInfo.InvariantCulture, $"host{i + 1}");
        if (Store is not null) (names[Store.Id.Value], names[StoreImage.IdOf(Template.Id, Store.Id).Value]) = ("store", "original");
        if (OtherStore is not null) (names[OtherStore.Id.Value], names[StoreImage.IdOf(Template.Id, OtherStore.Id).Value]) = ("annex", "twin");
        if (Made is not null) names[Made.Id.Value] = "made";
        if (Made is not null && Store is not null) names[StoreImage.IdOf(Made.Id, Store.Id).Value] = "original";
        if (Disk is not null) names[Disk.Id.Value] = "disk";
        if (Content is not null) names[Content.Id.Value] = "content";
        if (Content is not null && Store is not null) names[StoreImage.IdOf(Content.Id, Store.Id).Value] = "original";
        if (Orphan is { } orphan) names[orphan] = "orphan";
        if (Leftover is { } leftover) names[leftover] = "leftover";
        if (Worker is not null) names[Worker.Id.Value] = "worker";
        if (Router is not null) (names[Router.Id.Value], names[Card!.Id.Value]) = ("router", "card");
        if (Former is not null) (names[Former.Id.Value], names[FormerCard!.Id.Value]) = ("former", "formercard");
        if (Second is not null) (names[Second.Id.Value], names[SecondCard!.Id.Value]) = ("second", "secondcard");
        if (Vm is not null) (names[Vm.Id.Value], names[Root!.Id.Value], names[Nic!.Id.Value]) = ("vm", "root", "nic");
        if (Vpc is not null) (names[Vpc.Id.Value], names[AclList.DefaultAllow.Id.Value]) = ("vpc", "all");
        if (Vpn is not null) (names[Office!.Id.Value], names[Vpn.Id.Value]) = ("office", "vpn");
        if (Remote is not null) names[Remote.Id.Value] = "remote";
        if (User is not null) names[User.Id.Value] = "user";
        if (Acl is not null) (names[Acl.Id.Value], names[AclRule!.Id.Value]) = ("list", "item");
        if (Door is not null) (names[Door.Id.Value], names[Beside!.Id.Value]) = ("door", "beside");
        if (Route is not null) names[Route.Id.Value] = "route";
        if (Group is not null) (names[Group.Id.Value], names[GroupRule!.Id.Value]) = ("group", "grouprule");
        if (Front is not null) (names[Front.Id.Value], names[Back!.Id.Value]) = ("front", "back");
        if (SideNic is not null) names[SideNic.Id.Value] = "sidenic";
        if (Further is not null) names[Further.Id.Value] = "further";
        if (Address is not null) names[Address.Id.Value] = "address";
        if (Rule is not null) names[Rule.Id.Value] = "rule";
        if (Inner is not null) names[Inner.Id.Value] = "inner";
        if (Certificate is not null) names[Certificate.Id.Value] = "certificate";
        return names;
    }

    /// <summary>A zone with nothing in it but what an operator adds; its hosts are not connected.</summary>
    public static SmallZone Empty(SimulatedStratiform cloud, CloudDb db, int hosts = 1) => new(cloud, db, hosts);

    /// <summary>Hosts are connected and have the pool.</summary>
    public async Task ConnectHostsAsync()
    {
        for (var i = 0; i < Hosts.Count; i++)
        {
            await ConnectAsync(Hosts[i], Machines[i]);
            await Machines[i].Pools.EnsureAsync(Pool.Id.Value, Pool.Path, CancellationToken.None);
        }
        Pool.State = PoolState.Up;
        Pool.Measure(new PoolReport(Pool.Id.Value, 1L << 40, 0));
    }

    /// <summary>A host is connected; pools are not its matter.</summary>
    public async Task ConnectAsync(Host host, SimulatedHost machine)
    {
        host.Describe(new HostReport
        {
            HostId = machine.Machine.HostId,
            Name = machine.Machine.Name,
            BootId = "boot",
            Cpus = 16,
            CpuMhz = 2000,
            MemoryMib = 65_536,
            Accelerator = Accelerator.None,
            AcceleratorReason = "",
            HypervisorVersion = "",
            AgentVersion = "",
            Abilities = [],
        });
        Db.Add(new HostCapacity { HostId = host.Id, CpuTotalMhz = 32_000, MemoryTotalMib = 65_024 });
        Db.Add(new HostSight { HostId = host.Id, State = HostState.Up, BootId = "boot", ConnectedBootId = "boot", Since = _now });
        await machine.Fabric.EnsureAsync(HostNetworks.Public, CancellationToken.None);
        await machine.Fabric.EnsureAsync(HostNetworks.Management, CancellationToken.None);
    }

    /// <summary>The template is on the pool.</summary>
    public async Task CopyTemplateAsync()
    {
        var copy = new PoolImage(Template.Id, Pool.Id) { Ready = true };
        Db.Add(copy);
        var message = new EnsureImage { PoolId = Pool.Id.Value, ImageId = copy.Id.Value, Source = Template.Url };
        await RepeatAsync(Template, () => Machines[0].Pools.Require(Pool.Id.Value).EnsureImageAsync(message, CancellationToken.None));
    }

    /// <summary>The zone has an image store, and unless said otherwise a worker on the first host that knows it.</summary>
    public async Task AddStoreAsync(bool withWorker = true, bool withAnother = false)
    {
        Store = new ImageStore("store", $"nfs://192.0.2.1/{Zone.Id}", Zone.Id, _now);
        Db.Add(Store);
        if (withAnother) OtherStore = new ImageStore("annex", $"nfs://192.0.2.2/{Zone.Id}", Zone.Id, _now);
        if (OtherStore is not null) Db.Add(OtherStore);
        await using var scope = Cloud.Scope();
        Db.Add(new StoreLinkKey { ZoneId = Zone.Id, Wrapped = scope.ServiceProvider.GetRequiredService<Secrets>().Wrap(LinkKey) });
        if (withWorker) await RunWorkerAsync();
    }

    /// <summary>Another zone, with a store and the template in it.</summary>
    public async Task AddZoneAsync()
    {
        Elsewhere = new SmallZone(Cloud, Db, hosts: 1);
        await Elsewhere.ConnectHostsAsync();
        await Elsewhere.AddStoreAsync();
        await Elsewhere.StoreTemplateAsync();
    }

    /// <summary>A worker that was never booted.</summary>
    public void AddWorker()
    {
        Worker = new SystemVm(Zone.Id, SystemOfferings.BuiltIn, _now);
        Db.Add(Worker);
    }

    /// <summary>A worker runs on the first host.</summary>
    public async Task RunWorkerAsync()
    {
        AddWorker();
        Worker!.PlaceOn(Hosts[0].Id);
        Worker.TakeAddresses(WorkerIp, null);
        Worker.MarkStarting();
        Worker.WasSetUp(Worker.WantedSetup);
        Worker.MarkRunning(_now);
        await Db.SaveChangesAsync();
        await Addresses.TakeForSystemVmAsync(Db, Zone.Id, Worker.Id.Value, _now, CancellationToken.None);
        await ReserveAsync(Worker.Id.Value, Worker.CpuMhz, Worker.MemoryMib, Hosts[0]);
        await Machines[0].Hypervisor.EnsureAsync(new DomainPlan(SystemVmDomain.Describe(Worker, storageMtu: 1500, scratchBytes: 0), [], []), CancellationToken.None);
        var setup = new WorkerSetup
        {
            Nics =
            [
                new(Nic.MacOf(Worker.ManagementNicId), $"{WorkerIp}/24", HostNetworks.Mtu),
                new(Nic.MacOf(Worker.PublicNicId), $"{await PublicIpOfWorkerAsync()}/24", HostNetworks.Mtu),
            ],
            Stores = [.. new[] { Store, OtherStore }.OfType<ImageStore>().Select(s => new StoreAddress { StoreId = s.Id.Value, Url = s.Url })],
            LinkKey = LinkKey,
        };
        await Machines[0].Workers.EnsureAsync(new EnsureWorker(Worker.Id.Value, setup), CancellationToken.None);
    }

    private Task<Ipv4Address> PublicIpOfWorkerAsync() => Db.Set<PublicIpAddress>()
        .Where(a => a.SystemVmId == Worker!.Id.Value).Select(a => a.Address).SingleAsync();

    /// <summary>The template is in the store.</summary>
    public Task StoreTemplateAsync() => StoreTemplateAsync(Store!);

    /// <summary>The template is in one of the stores.</summary>
    public async Task StoreTemplateAsync(ImageStore store)
    {
        var original = new StoreImage(Template.Id, store.Id);
        original.Came("");
        original.MarkReady();
        Db.Add(original);
        var message = new EnsureImage { PoolId = store.Id.Value, ImageId = original.ObjectId, Source = Template.Url };
        await RepeatAsync(Template, () => Machines[0].Workers.EnsureImageAsync(new EnsureImageInStore(Worker!.Id.Value, message), CancellationToken.None));
    }

    /// <summary>A template that is to be made of a volume.</summary>
    public void AddMade()
    {
        Made = new Template("made", "volume:", Account.Id, Account.DomainId, Zone.Id, _now);
        Db.Add(Made);
    }

    /// <summary>A volume that is to be uploaded, from a URL or by its owner.</summary>
    public void AddUpload(string url)
    {
        AddDisk(size: 0);
        Disk!.AwaitUpload();
        Content = new Template("disk", url, Account.Id, Account.DomainId, Zone.Id, _now) { VolumeId = Disk.Id };
        Db.Add(Content);
    }

    /// <summary>A volume that is attached to nothing lies on the pool.</summary>
    public async Task PutDiskAsync()
    {
        AddDisk(1L << 30);
        var message = new EnsureVolume { PoolId = Pool.Id.Value, VolumeId = Disk!.Id.Value, SizeBytes = Disk.SizeBytes };
        await Machines[0].Pools.Require(Pool.Id.Value).EnsureVolumeAsync(message, inUse: false, CancellationToken.None);
        Disk.PlaceOn(Pool.Id);
        Disk.MarkReady(Disk.SizeBytes);
        await Db.SaveChangesAsync();
        await using var scope = Cloud.Scope();
        await scope.ServiceProvider.GetRequiredService<PoolChoice>().TakeAsync(Db, Disk.Id, Pool.Id, Disk.SizeBytes, CancellationToken.None);
    }

    private void AddDisk(long size)
    {
        Disk = new Volume("disk", VolumeType.DATADISK, Account.Id, Account.DomainId, Zone.Id, size, _now);
        Db.Add(Disk);
        Count(Disk.Id.Value, (ResourceKind.Volume, 1));
    }

    /// <summary>Something lies in the store that no row names.</summary>
    public async Task LeaveOrphanAsync()
    {
        Orphan = Id.New<StoreImage>().Value;
        var message = new EnsureImage { PoolId = Store!.Id.Value, ImageId = Orphan.Value, Source = Template.Url };
        await RepeatAsync(Template, () => Machines[0].Workers.EnsureImageAsync(new EnsureImageInStore(Worker!.Id.Value, message), CancellationToken.None));
    }

    /// <summary>A disk lies on the pool that no row names.</summary>
    public async Task LeaveDiskAsync()
    {
        Leftover = Id.New<Volume>().Value;
        var message = new EnsureVolume { PoolId = Pool.Id.Value, VolumeId = Leftover.Value, SizeBytes = 1 << 30 };
        await Machines[0].Pools.Require(Pool.Id.Value).EnsureVolumeAsync(message, inUse: false, CancellationToken.None);
    }

    /// <summary>The ISO is on the pool.</summary>
    public async Task CopyIsoAsync()
    {
        var copy = new PoolImage(Iso.Id, Pool.Id) { Ready = true };
        Db.Add(copy);
        var message = new EnsureImage { PoolId = Pool.Id.Value, ImageId = copy.Id.Value, Source = Iso.Url, Format = Iso.Format };
        await RepeatAsync(Iso, () => Machines[0].Pools.Require(Pool.Id.Value).EnsureImageAsync(message, CancellationToken.None));
    }

    /// <summary>The ISO is in the drive of the virtual machine, which may run.</summary>
    public async Task InsertIsoAsync()
    {
        Vm!.Insert(Iso.Id);
        var disc = new Disc(GuestDomain.PlaceOf(Iso.Id, [Root!]), "/disc");
        await Machines[0].Hypervisor.EnsureCdromAsync(Vm.Id.Value, disc, forced: false, CancellationToken.None);
    }

    private static byte[] LinkKey { get; } = new byte[32];

    private static async Task RepeatAsync(Template image, Func<Task<ImageProgress>> ask)
    {
        var progress = await ask();
        while (progress.State == HostWorkState.Running) progress = await ask();
        image.MarkReady(progress.VirtualSizeBytes, progress.PhysicalSizeBytes);
    }

    /// <summary>The network is implemented, its router runs on the first host.</summary>
    public async Task ImplementNetworkAsync(bool running = true, bool pluggedIn = true)
    {
        await PutOnHostAsync(Network, 1000);
        Router = new Router(Network, _now);
        Card = Router.AddCard(Network);
        Db.AddRange(Router, Card);
        await Db.SaveChangesAsync();
        await Addresses.TakeSourceNatAsync(Db, Zone.Id, Router.ScopeId, _now, CancellationToken.None);
        Count(Network.Id.Value, (ResourceKind.PublicIp, 1));
        if (running) await RunRouterAsync(Network.Scope!, pluggedIn ? [(Card, Network)] : []);
    }

    /// <summary>The network is one of those with two routers.</summary>
    public Task AskForPairAsync()
    {
        Db.Entry(Network).Property(n => n.OfferingId).CurrentValue = Cloud.Offerings.Twofold.Id;
        Network.Scope!.MakeRedundant();
        return Db.SaveChangesAsync();
    }

    /// <summary>The network is implemented by two routers, on two hosts.</summary>
    public async Task ImplementPairAsync(bool secondRuns = true)
    {
        await AskForPairAsync();
        await ImplementNetworkAsync();
        AddSecond(Network, "10.1.1");
        await Db.SaveChangesAsync();
        if (!secondRuns) return;
        await PlugAsync(Network, 1);
        await RunRouterAsync(Second!, Network.Scope!, [(SecondCard!, Network)], host: 1);
    }

    private void AddSecond(Network network, string prefix)
    {
        Router!.Number(Card!, Ipv4Address.Of(IPAddress.Parse(prefix + ".2")));
        Second = new Router(network, _now, rank: 1);
        SecondCard = Second.AddCard(network);
        Second.Number(SecondCard, Ipv4Address.Of(IPAddress.Parse(prefix + ".3")));
        Db.AddRange(Second, SecondCard);
    }

    /// <summary>A VPC with the address that its guests go out by, unless it is new.</summary>
    public async Task AddVpcAsync(bool isNew = false)
    {
        var offering = new VpcOffering("vpc", "vpc", [], _now);
        Vpc = new Vpc("vpc", offering, Zone.Id, IPNetwork.Parse("10.2.0.0/16"), Account.Id, Account.DomainId, _now) { NetworkDomain = "cloud.internal" };
        Db.AddRange(offering, Vpc);
        Count(Vpc.Id.Value, (ResourceKind.Vpc, 1));
        await Db.SaveChangesAsync();
        if (isNew) return;
        await Addresses.TakeSourceNatAsync(Db, Zone.Id, Vpc.ScopeId, _now, CancellationToken.None);
        Count(Vpc.Id.Value, (ResourceKind.PublicIp, 1));
    }

    /// <summary>The VPC has acquired a portable address.</summary>
    public async Task AcquirePortableAsync()
    {
        // One for each zone, since none is in two ranges.
        var ip = Ipv4Address.Of(Range.StartIp).Number + 100;
        var range = new PublicIpRange(Ipv4.AddressOf(ip), Ipv4.AddressOf(ip), _now) { Gateway = Range.Gateway, Netmask = Range.Netmask };
        Address = new PublicIpAddress(range, new(ip));
        Address.Take(Vpc!.ScopeId, _now);
        Db.AddRange(range, Address);
        await Db.SaveChangesAsync();
        Count(Address.Id.Value, (ResourceKind.PublicIp, 1));
    }

    /// <summary>The VPC has two tiers; its router, or both of a pair, serve the front one, and its router the back one too if that was asked for.</summary>
    public async Task AddTiersAsync(bool withBack, bool withDoor = false, bool asPair = false)
    {
        (Former, FormerCard) = (Router, Card);
        Front = Tier("front", "10.2.1");
        Back = Tier("back", "10.2.2");
        await PutOnHostAsync(Front, 2000);
        Router = new Router(Front, _now);
        Card = Router.AddCard(Front);
        Db.AddRange(Router, Card);
        var cards = new List<(RouterCard, Network)> { (Card, Front) };
        if (withBack)
        {
            await PutOnHostAsync(Back, 3000);
            cards.Add((Router.AddCard(Back), Back));
            Db.Add(cards[1].Item1);
        }
        await Db.SaveChangesAsync();
        if (withDoor)
        {
            AddDoor();
            Door!.MarkReady();
            await PlugAsync(Beside!, 0);
            cards.Add((Router.AddCard(Door), Beside!));
            Db.Add(cards[^1].Item1);
        }
        await RunRouterAsync(Vpc!.Scope!, cards);
        if (asPair) await AddSecondTiersAsync(withDoor);
    }

    private async Task AddSecondTiersAsync(bool withDoor)
    {
        Vpc!.Scope!.MakeRedundant();
        AddSecond(Front!, "10.2.1");
        var cards = new List<(RouterCard, Network)> { (SecondCard!, Front!) };
        if (withDoor)
        {
            cards.Add((Second!.AddCard(Door!), Beside!));
            Db.Add(cards[^1].Item1);
        }
        await Db.SaveChangesAsync();
        foreach (var (_, network) in cards) await PlugAsync(network, 1);
        await RunRouterAsync(Second!, Vpc.Scope!, cards, host: 1);
    }

    /// <summary>The VPC has a new private gateway in an operator's network.</summary>
    public void AddDoor()
    {
        Beside = new Network(Wires, 4000 + Machines[0].Number, Account, _now) { NetworkDomain = "" };
        var subnet = new Subnet(IPNetwork.Parse("172.20.0.0/24"), IPAddress.Parse("172.20.0.1"));
        Door = new PrivateGateway(Vpc!, Beside, subnet, Ipv4Address.Of(IPAddress.Parse("172.20.0.2")), _now) { AclId = AclList.DefaultDeny.Id };
        Db.AddRange(Beside, Door);
    }

    /// <summary>The VPC leads to a network behind a guest of the first tier.</summary>
    /// <param name="isActive">True when its router knows it already.</param>
    public void AddRoute(bool isActive = true)
    {
        Route = new StaticRoute(Vpc!, IPNetwork.Parse("192.168.7.0/24"), Ipv4Address.Of(IPAddress.Parse("10.2.1.9")), _now);
        if (isActive) Route.MarkActive();
        Db.Add(Route);
    }

    /// <summary>The VPC has an ACL list with one rule.</summary>
    public void AddAcl()
    {
        Acl = new AclList("list", "", Vpc!, _now);
        AclRule = new AclRule(Id.New<AclRule>(), Acl.Id, Allowing(1, 22));
        Db.AddRange(Acl, AclRule);
    }

    /// <summary>The virtual machine is in a security group with a rule, of which its host was told or not.</summary>
    public async Task JoinGroupAsync(bool isTold)
    {
        Group = new SecurityGroup("group", "", Account.Id, Account.DomainId, _now);
        GroupRule = new SecurityRule(Id.New<SecurityRule>(), Group.Id, SecurityRules(22).Single());
        var told = new HostGroups { HostId = Hosts[0].Id };
        if (isTold) told.Told(told.Wanted, "boot");
        Db.AddRange(Group, GroupRule, new GroupMember { GroupId = Group.Id, VmId = Vm!.Id }, told);
        await Db.SaveChangesAsync();
    }

    /// <summary>What lets TCP in from everywhere to a port.</summary>
    public static IReadOnlyList<SecurityRuleContent> SecurityRules(int port) =>
        [new() { Traffic = AclTraffic.Ingress, Protocol = "tcp", StartPort = port, EndPort = port, Cidr = "0.0.0.0/0" }];

    /// <summary>The VPC is connected with an office.</summary>
    /// <param name="isKnown">True when its router knows it already.</param>
    public void AddVpn(bool isKnown = true)
    {
        using var scope = Cloud.Scope();
        var peer = new VpnPeer
        {
            Name = "office",
            Gateway = "198.51.100.9",
            Cidrs = ["172.16.0.0/24"],
            WrappedPsk = scope.ServiceProvider.GetRequiredService<Secrets>().Wrap("key"),
            IkePolicy = "aes128-sha256;modp2048",
            EspPolicy = "aes128-sha256",
            IkeLifetime = 86_400,
            EspLifetime = 3_600,
            Dpd = true,
            ForceEncap = false,
            SplitConnections = false,
            IkeVersion = IkeVersion.IkeV2,
        };
        Office = new VpnCustomerGateway(peer, Account.Id, Account.DomainId, _now);
        var gateway = new VpnGateway(Vpc!, _now);
        Vpn = new VpnConnection(gateway, Office.Id, isPassive: false, _now);
        Db.AddRange(Office, gateway, Vpn);
        if (!isKnown) Db.Entry(Vpc!.Scope!).Property(s => s.WantedGeneration).CurrentValue++;
    }

    /// <summary>Users may come into the network by remote access: one does.</summary>
    /// <param name="isVpnKnown">True when its router knows of it already.</param>
    /// <param name="isUserKnown">True when its router knows the user already; there is none where it does not even know the VPN.</param>
    public async Task AddRemoteAccessAsync(bool isVpnKnown = true, bool isUserKnown = true)
    {
        await using var scope = Cloud.Scope();
        var secrets = scope.ServiceProvider.GetRequiredService<Secrets>();
        var address = await Db.Set<PublicIpAddress>().AsNoTracking().SingleAsync(a => a.ScopeId == Network.ScopeId && a.IsSourceNat);
        Remote = new RemoteAccessVpn(address, Account.Id, Account.DomainId, ClientRange.Require("10.9.9.1-10.9.9.8"), secrets.Wrap("key"), _now) { OpensFirewall = true };
        Db.Add(Remote);
        if (isVpnKnown) Remote.MarkRunning();
        if (!isVpnKnown || !isUserKnown) Db.Entry(Network.Scope!).Property(s => s.WantedGeneration).CurrentValue++;
        if (!isVpnKnown) return;
        User = new VpnUser("alice", secrets.Wrap("password"), Account.Id, Account.DomainId, _now);
        if (isUserKnown) User.MarkActive();
        Db.Add(User);
    }

    /// <summary>What lets TCP in to a port.</summary>
    public static AclRuleContent Allowing(int number, int port) => new()
    {
        Number = number,
        Traffic = AclTraffic.Ingress,
        Action = AclAction.Allow,
        Protocol = "tcp",
        StartPort = port,
        EndPort = port,
        Cidrs = ["0.0.0.0/0"],
    };

    private Network Tier(string name, string prefix)
    {
        var subnet = new Subnet(IPNetwork.Parse(prefix + ".0/24"), IPAddress.Parse(prefix + ".1"));
        var tier = new Network(name, Cloud.Offerings.Network, Wires, subnet, Vpc!, AclList.DefaultAllow.Id, _now) { NetworkDomain = Vpc!.NetworkDomain };
        Db.Add(tier);
        Db.Add(new ResourceShare { OwnerId = tier.Id.Value, Kind = ResourceKind.Network, AccountId = Account.Id, Amount = 1 });
        Db.ChangeTracker.Entries<ResourceCount>().Single(c => c.Entity.AccountId == Account.Id && c.Entity.Kind == ResourceKind.Network).Entity.Used++;
        return tier;
    }

    private async Task PutOnHostAsync(Network network, int vni)
    {
        network.TakeVni(vni + Machines[0].Number);
        network.MarkImplemented();
        await PlugAsync(network, 0);
    }

    private async Task RunRouterAsync(RouterScope scope, IReadOnlyList<(RouterCard Card, Network Network)> cards)
    {
        if (Router is not null) await RunRouterAsync(Router, scope, cards, host: 0);
    }

    private async Task RunRouterAsync(Router router, RouterScope scope, IReadOnlyList<(RouterCard Card, Network Network)> cards, int host)
    {
        await ReserveAsync(router.Id.Value, router.Made.CpuMhz, router.Made.MemoryMib, Hosts[host]);
        router.MarkStarting();
        router.PlaceOn(Hosts[host].Id);
        foreach (var (card, _) in cards) router.Plug(card, isIn: true);
        router.Applied(scope.WantedGeneration);
        router.MarkRunning();
        await Machines[host].Hypervisor.EnsureAsync(new DomainPlan(RouterDomain.Describe(router, router.ServingId, cards), [], []), CancellationToken.None);
        var configuration = new EnsureRouterConfiguration { RouterId = router.Id.Value, Generation = scope.WantedGeneration, Files = [] };
        await Machines[host].Routers.EnsureAsync(configuration, CancellationToken.None);
    }

    /// <summary>The router was rebuilt, and its old domain is there still.</summary>
    public async Task LeaveTwinAsync()
    {
        var twin = new RouterTwin(Router!, Id.New<Router>().Value, Hosts[0].Id);
        Db.Add(twin);
        await ReserveAsync(twin.DomainId, Router!.Made.CpuMhz, Router.Made.MemoryMib, Hosts[0]);
        await Machines[0].Hypervisor.EnsureAsync(
            new DomainPlan(RouterDomain.Describe(Router, twin.DomainId, [(Card!, Network)], isShut: true), [], []), CancellationToken.None);
        await Machines[0].Fabric.SwitchAsync(new[] { (Card!, Network) }.DoorsOf(Router, twin.DomainId), [], CancellationToken.None);
    }

    /// <summary>Nothing is placed on the first host any more.</summary>
    public void CloseFirstHost() => Hosts[0].AllocationState = AllocationState.Disabled;

    /// <summary>The network is implemented, and an administrator has stopped its router.</summary>
    public async Task HoldRouterAsync()
    {
        await ImplementNetworkAsync(running: false);
        Router!.MarkStopping(hold: true);
        Router.MarkStopped();
    }

    /// <summary>The network has acquired a public address.</summary>
    /// <param name="isKnown">True when its router serves it already.</param>
    /// <param name="vpc">Who has it instead.</param>
    /// <param name="isReserved">Its account had reserved it.</param>
    public async Task AcquireAddressAsync(bool isKnown = true, Vpc? vpc = null, bool isReserved = false)
    {
        await Db.SaveChangesAsync();
        Address = await Db.Set<PublicIpAddress>().Where(a => a.ZoneId == Zone.Id && a.ScopeId == null && a.SystemVmId == null).FirstAsync();
        if (isReserved) Address.Reserve(Account.Id, _now);
        Address.Take(vpc?.ScopeId ?? Network.ScopeId!.Value, _now);
        Db.Add(new ResourceShare { OwnerId = Address.Id.Value, Kind = ResourceKind.PublicIp, AccountId = Account.Id, Amount = 1 });
        (await Db.Set<ResourceCount>().SingleAsync(c => c.AccountId == Account.Id && c.Kind == ResourceKind.PublicIp)).Used++;
        if (!isKnown) RaiseGeneration();
    }

    /// <summary>Port 80 of the public address leads to the guest.</summary>
    /// <param name="isActive">True when its router knows it already.</param>
    public void AddForwarding(bool isActive = true)
    {
        var match = new RuleMatch { Protocol = "tcp", StartPort = 80, EndPort = 80, SourceCidrs = [IPNetwork.Parse("0.0.0.0/0")] };
        Rule = NetworkRule.Forwarding(Network, Address!, match, new(new(Nic!.Id), 80, 80), _now);
        if (isActive) Rule.MarkActive();
        else RaiseGeneration();
        Db.Add(Rule);
    }

    /// <summary>The network's router has something to learn.</summary>
    public void RaiseGeneration() => Db.Entry(Network.Scope!).Property(s => s.WantedGeneration).CurrentValue++;

    /// <summary>Port 80 of the public address is spread, to nobody yet.</summary>
    public void AddBalancer()
    {
        var match = new RuleMatch { Protocol = "tcp", StartPort = 80, EndPort = 80, SourceCidrs = [IPNetwork.Parse("0.0.0.0/0")] };
        Rule = NetworkRule.Balancing(Network, Address!, match, 80, _now);
        Rule.MarkActive();
        Db.AddRange(Rule, new LoadBalancer(Rule, "balancer", BalancerProtocol.Tcp, BalancerAlgorithm.RoundRobin));
    }

    /// <summary>The VPC has a new load balancer for guests of its front tier, on an address of the back one.</summary>
    public void AddInternalBalancer()
    {
        Inner = NetworkRule.InternalBalancing(Front!, Back!, Ipv4Address.Of(IPAddress.Parse("10.2.2.9")), 80, 8080, _now);
        Db.AddRange(Inner, new LoadBalancer(Inner, "inner", BalancerProtocol.Tcp, BalancerAlgorithm.RoundRobin));
        Db.Entry(Vpc!.Scope!).Property(s => s.WantedGeneration).CurrentValue++;
    }

    /// <summary>A certificate that load balancers can end TLS by; to workflows it is a row like others.</summary>
    public void AddCertificate()
    {
        var uploaded = new UploadedCertificate { Certificate = "certificate\n", Chain = "", Fingerprint = "00", PrivateKey = "key\n" };
        Certificate = new("certificate", uploaded, new Secrets(new byte[32]), Account.Id, Account.DomainId, _now);
        Db.Add(Certificate);
    }

    /// <summary>All of the public address leads to the guest, who may be pinged by it.</summary>
    public void AddStaticNat()
    {
        Address!.LeadTo(new(Nic!.Id));
        var match = new RuleMatch { Protocol = "icmp", IcmpType = -1, IcmpCode = -1, SourceCidrs = [IPNetwork.Parse("0.0.0.0/0")] };
        Rule = NetworkRule.Firewall(Network, Address, match, _now);
        Rule.MarkActive();
        Db.Add(Rule);
    }

    /// <summary>The network can be plugged into on a host.</summary>
    public Task PlugAsync(int host) => PlugAsync(Network, host);

    private async Task PlugAsync(Network network, int host)
    {
        Db.Add(new NetworkOnHost { NetworkId = network.Id, HostId = Hosts[host].Id, Ready = true });
        var message = new EnsureNetwork { NetworkId = network.Id.Value, Traffic = Protocol.TrafficType.Guest, Vni = network.Vni, Mtu = network.Mtu };
        await Machines[host].Fabric.EnsureAsync(message, CancellationToken.None);
    }

    /// <summary>A virtual machine that was never started.</summary>
    /// <param name="aside">True when it is in the other network.</param>
    public void AddVm(bool aside = false)
    {
        Vm = new VirtualMachine("guest", Cloud.Offerings.Size, Template, Template.AccountId, Template.DomainId, _now);
        Root = new Volume("ROOT", VolumeType.ROOT, Template.AccountId, Template.DomainId, Zone.Id, 2L << 30, _now) { TemplateId = Template.Id };
        Root.Attach(Vm.Id.Value, device: 0, _now);
        Nic = new Nic(aside ? Side : Network, Vm.Id.Value, device: 0, isDefault: true, _now);
        Db.AddRange(Vm, Root, Nic);
        Count(Vm.Id.Value, (ResourceKind.VirtualMachine, 1), (ResourceKind.Cpu, Vm.Cpus), (ResourceKind.Memory, Vm.MemoryMib));
        Count(Root.Id.Value, (ResourceKind.Volume, 1), (ResourceKind.PrimaryStorage, Root.SizeBytes));
    }

    /// <summary>It was started and stopped: disk and address are its own.</summary>
    public async Task GiveDiskAsync()
    {
        if (Nic!.NetworkId == Network.Id) Nic.Take(Ipv4Address.Of(IPAddress.Parse("10.1.1.10")));
        Root!.PlaceOn(Pool.Id);
        var message = new EnsureVolume
        {
            PoolId = Pool.Id.Value,
            VolumeId = Root.Id.Value,
            SizeBytes = Root.SizeBytes,
            ImageId = PoolImage.IdOf(Template.Id, Pool.Id).Value,
        };
        await Machines[0].Pools.Require(Pool.Id.Value).EnsureVolumeAsync(message, inUse: false, CancellationToken.None);
        Root.MarkReady(Root.SizeBytes);
        await Db.SaveChangesAsync();
        await using var scope = Cloud.Scope();
        var pools = scope.ServiceProvider.GetRequiredService<PoolChoice>();
        await pools.TakeAsync(Db, Root.Id, Pool.Id, Root.SizeBytes, CancellationToken.None);
    }

    /// <summary>Its card has a further address.</summary>
    public void AddFurther()
    {
        Further = new NicAddress(Id.New<NicAddress>(), Nic!, OtherIp, _now);
        Db.Add(Further);
    }

    /// <summary>It runs on the first host.</summary>
    public async Task RunVmAsync(bool withDomain = true)
    {
        Vm!.PlaceOn(Hosts[0].Id);
        Vm.Become(VmState.Running, _now);
        await Db.SaveChangesAsync();
        await ReserveAsync(Vm.Id.Value, Vm.PromisedMhz, Vm.MemoryMib, Hosts[0]);
        if (!withDomain) return;
        var cards = new[] { Nic, SideNic }.OfType<Nic>().Select(nic =>
            nic.Describe(nic.NetworkId == Side.Id ? Side : Network, isGuarded: true, isInGroups: false, rateMbit: 0, nic == Nic && Further is not null ? [Further.Ip] : []));
        var plan = new DomainPlan(GuestDomain.Describe(Vm, [Root!], [.. cards]), [], []);
        await Machines[0].Hypervisor.EnsureAsync(plan, CancellationToken.None);
    }

    /// <summary>Hosts, template, network with router, and a stopped virtual machine.</summary>
    /// <param name="aside">True when that is in the other network.</param>
    public async Task FillAsync(bool aside = false)
    {
        await ConnectHostsAsync();
        await CopyTemplateAsync();
        await ImplementNetworkAsync();
        AddVm(aside);
        await GiveDiskAsync();
        if (aside) await ImplementSideAsync();
    }

    /// <summary>The virtual machine has a second card, in the other network.</summary>
    public async Task JoinSideAsync()
    {
        await ImplementSideAsync();
        SideNic = new Nic(Side, Vm!.Id.Value, device: 1, isDefault: false, _now);
        Db.Add(SideNic);
    }

    private async Task ImplementSideAsync()
    {
        Side.TakeVni(10_000 + Machines[0].Number);
        Side.MarkImplemented();
        await PlugAsync(Side, 0);
    }

    // What the commands that create things take of their account's limits.
    private void Count(Guid thing, params ReadOnlySpan<(ResourceKind Kind, long Amount)> shares)
    {
        foreach (var (kind, amount) in shares)
        {
            Db.Add(new ResourceShare { OwnerId = thing, Kind = kind, AccountId = Account.Id, Amount = amount });
            if (Db.Set<ResourceCount>().Local.SingleOrDefault(c => c.AccountId == Account.Id && c.Kind == kind) is { } count) count.Used += amount;
            else Db.Add(new ResourceCount { AccountId = Account.Id, Kind = kind, Used = amount });
        }
    }

    private Task ReserveAsync(Guid owner, long mhz, long mib, Host host)
    {
        var request = new PlacementRequest { OwnerId = owner, ZoneId = Zone.Id, Cpus = 1, CpuMhz = mhz, MemoryMib = mib };
        return Reservations.TakeAsync(Db, request, host.Id, CancellationToken.None);
    }
}
