using System.Globalization;
using System.Net;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Management.SystemVms;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Tests.Api;

/// <summary>Fills every table that a list reads, for tests of how lists read.</summary>
internal static class ManyRows
{
    /// <summary>Adds so many of everything, owned by the account.</summary>
    /// <returns>What lists that look within something must be told.</returns>
    public static async Task<Dictionary<string, string>> AddAsync(CloudDb db, int count, Account owner, Secrets secrets, DateTimeOffset now)
    {
        var (account, domain) = (owner.Id, owner.DomainId);
        var zones = Make(i => new Zone($"z{i}", now) { Dns1 = "192.0.2.1", InternalDns1 = "192.0.2.1" });
        var zone = zones[0];
        var pods = Make(i => new Pod($"p{i}", zone, now));
        var clusters = Make(i => new Cluster($"c{i}", pods[0], Hypervisor.Simulator, now));
        var hosts = Make(i => new Host(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://sim/{i}")), clusters[0], now));
        var wires = Make(i => new PhysicalNetwork($"w{i}", zone, now));
        var ranges = Make(i => new PublicIpRange(wires[0], IPAddress.Parse($"203.0.113.{i + 10}"), IPAddress.Parse($"203.0.113.{i + 10}"), now)
        {
            Gateway = IPAddress.Parse("203.0.113.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        });
        var portable = Make(i => new PublicIpRange(IPAddress.Parse($"198.18.0.{i + 10}"), IPAddress.Parse($"198.18.0.{i + 10}"), now)
        {
            Gateway = IPAddress.Parse("198.18.0.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        });
        db.AddRange(portable.Cast<object>().Concat(portable.Select(r => new PublicIpAddress(r, Ipv4Address.Of(r.StartIp)))));
        var sizes = Make(i => new ServiceOffering($"s{i}", "", 1, 500, 512, now));
        var kinds = Make(i => new NetworkOffering($"n{i}", "", ["Dhcp"], now));
        var types = Make(i => new OsType($"Known {i}", $"System {i}"));
        var templates = Make(i => new Template($"t{i}", "http://images/t", account, domain, zone.Id, now) { OsTypeId = types[i].Id });
        var isos = Make(i => new Template($"i{i}", "http://images/i", account, domain, zone.Id, now) { Format = ImageFormat.Iso });
        var networks = Make(i => new Network($"net{i}", kinds[i], wires[0], new Subnet(IPNetwork.Parse("10.1.1.0/24"), IPAddress.Parse("10.1.1.1")), account, domain, now)
        {
            NetworkDomain = "cloud.internal",
        });
        var pools = Make(i => new StoragePool($"pool{i}", $"/pools/{i}", zone.Id, clusters[0].Id, host: null, now));
        var stores = Make(i => new ImageStore($"store{i}", $"nfs://192.0.2.1/{i}", zone.Id, now));
        var vms = Make(i => new VirtualMachine($"vm{i}", sizes[i], templates[i], account, domain, now));
        var volumes = Make(i => Attached(new Volume($"v{i}", VolumeType.ROOT, account, domain, zone.Id, 1 << 30, now) { TemplateId = templates[i].Id }, vms[i]));
        var vpcKinds = Make(i => new VpcOffering($"vo{i}", "", ["Dhcp"], now));
        var vpcs = Make(i => new Vpc($"vpc{i}", vpcKinds[i], zone.Id, IPNetwork.Parse("10.2.0.0/16"), account, domain, now) { NetworkDomain = "cloud.internal" });
        var acls = Make(i => new AclList($"acl{i}", "", vpcs[0], now));
        db.AddRange(vpcKinds.Cast<object>().Concat(vpcs).Concat(acls));
        db.AddRange(Make(i => new StaticRoute(vpcs[0], IPNetwork.Parse($"192.168.{i}.0/24"), new(0x0A020109), now)));
        var beside = Make(i => new Network(wires[i], i + 100, owner, now) { NetworkDomain = "" });
        var far = new Subnet(IPNetwork.Parse("172.20.0.0/24"), IPAddress.Parse("172.20.0.1"));
        db.AddRange(beside.Cast<object>().Concat(beside.Select(n => new PrivateGateway(vpcs[0], n, far, new(0xAC140002), now) { AclId = acls[0].Id })));
        var open = new AclRuleContent { Number = 1, Traffic = AclTraffic.Ingress, Action = AclAction.Allow, Protocol = "all", Cidrs = ["0.0.0.0/0"] };
        db.AddRange(Make(i => new AclRule(Id.New<AclRule>(), acls[0].Id, open with { Number = i + 1 })));
        var tiers = vpcs.Select((v, i) => new Network($"tier{i}", kinds[i], wires[0], new Subnet(IPNetwork.Parse("10.2.1.0/24"), IPAddress.Parse("10.2.1.1")), v, AclList.DefaultAllow.Id, now)
        {
            NetworkDomain = "cloud.internal",
        }).ToList();
        db.AddRange(tiers);
        var peer = new VpnPeer
        {
            Name = "",
            Gateway = "",
            Cidrs = ["172.16.0.0/24"],
            WrappedPsk = [1],
            IkePolicy = "aes128-sha1;modp2048",
            EspPolicy = "aes128-sha1",
            IkeLifetime = 3600,
            EspLifetime = 3600,
            Dpd = false,
            ForceEncap = false,
            SplitConnections = false,
            IkeVersion = IkeVersion.Ike,
        };
        var customers = Make(i => new VpnCustomerGateway(peer with { Name = $"far{i}", Gateway = $"198.51.100.{i}" }, account, domain, now));
        var gateways = vpcs.ConvertAll(v => new VpnGateway(v, now));
        db.AddRange(customers.Cast<object>().Concat(gateways).Concat(gateways.Zip(customers, (near, far) => new VpnConnection(near, far.Id, isPassive: false, now))));
        var clients = new ClientRange(new(0x0A090901), new(0x0A090908));
        db.AddRange(Make(i => new VpnUser($"user{i}", [1], account, domain, now)));
        db.AddRange(zones.Cast<object>().Concat(pods).Concat(clusters).Concat(hosts).Concat(wires).Concat(ranges).Concat(sizes).Concat(kinds)
            .Concat(types).Concat(templates).Concat(isos).Concat(networks).Concat(pools).Concat(stores).Concat(vms).Concat(volumes));
        db.AddRange(hosts.Select(h => new HostCapacity { HostId = h.Id, CpuTotalMhz = 1, MemoryTotalMib = 1 }));
        db.AddRange(hosts.Select(h => new HostSight { HostId = h.Id, Since = now }));
        var addresses = ranges.Select(r => new PublicIpAddress(r, Ipv4Address.Of(r.StartIp))).ToList();
        addresses[0].Take(networks[0].ScopeId!.Value, now);
        db.AddRange(addresses);
        db.AddRange(addresses.Select(a => new IpQuarantine(a.Id, account, domain, now.AddDays(1), now)));
        db.AddRange(Make(i => new Region(i + 2, $"region{i}", "http://region/client/")));
        var key = secrets.Wrap("key");
        foreach (var (address, vpc) in addresses.Skip(1).Zip(vpcs)) address.Take(vpc.ScopeId, now);
        db.AddRange(addresses.Select(a => new RemoteAccessVpn(a, account, domain, clients, key, now)));
        db.AddRange(Enum.GetValues<TrafficType>().Select(traffic => new NetworkTraffic(wires[0], traffic)));
        var routers = networks.ConvertAll(n => new Router(n, now));
        db.AddRange(routers);
        db.AddRange(routers.Zip(networks, (r, n) => r.AddCard(n)));
        db.AddRange(Make(_ => new SystemVm(zone.Id, SystemOfferings.BuiltIn, now)));
        db.AddRange(pods.Select((p, i) => new StorageIpRange(p, IPAddress.Parse($"10.8.0.{i + 10}"), IPAddress.Parse($"10.8.0.{i + 10}"), now)
        {
            Gateway = IPAddress.Parse("10.8.0.1"),
            Netmask = IPAddress.Parse("255.255.255.0"),
        }));
        var nics = networks.Select((n, i) => new Nic(n, vms[0].Id.Value, i, i == 0, now)).ToList();
        nics.AddRange(vms.Skip(1).Select(vm => new Nic(networks[0], vm.Id.Value, 0, isDefault: true, now)));
        db.AddRange(nics);
        RuleMatch Port(int i) => new() { Protocol = "tcp", StartPort = i + 1, EndPort = i + 1, SourceCidrs = [IPNetwork.Parse("0.0.0.0/0")] };
        var balanced = Make(i => NetworkRule.Balancing(networks[0], addresses[0], Port(i), 80, now));
        db.AddRange(balanced);
        db.AddRange(Make(i => NetworkRule.Firewall(networks[0], addresses[0], Port(i), now)));
        db.AddRange(Make(i => NetworkRule.Egress(networks[0], Port(i), now)));
        db.AddRange(Make(i => NetworkRule.Forwarding(networks[0], addresses[0], Port(i + count), new(new(nics[0].Id), 80, 80), now)));
        var inner = Make(i => NetworkRule.InternalBalancing(networks[0], tiers[0], new(0x0A020109), i + 1, 80, now));
        db.AddRange(inner);
        db.AddRange(inner.Select(rule => new LoadBalancerMember(rule.Id, nics[0].Id)));
        db.AddRange(balanced.Concat(inner).Select(rule => new LoadBalancer(rule, "b", BalancerProtocol.Tcp, BalancerAlgorithm.RoundRobin)));
        db.AddRange(balanced.Select(rule => new StickinessPolicy(rule.Id, new(Id.New<StickinessPolicy>(), "s", "", StickyMethod.SourceBased, new Dictionary<string, string>()))));
        db.AddRange(balanced.Select(rule => new HealthPolicy(rule.Id, new(Id.New<HealthPolicy>()))));
        var uploaded = new UploadedCertificate { Certificate = "c", Chain = "", Fingerprint = "00", PrivateKey = "k" };
        db.AddRange(Make(i => new SslCertificate($"c{i}", uploaded, secrets, account, domain, now)));
        db.AddRange(nics.Where(n => n.NetworkId == networks[0].Id).Select(n => new LoadBalancerMember(balanced[0].Id, n.Id)));
        db.AddRange(vms.Select(vm => new Tag("UserVm", vm.Id.Value, "key", "value", vm)));
        db.AddRange(Make(i => new DiskOffering($"d{i}", "", now)));
        db.AddRange(Make(i => new SshKeyPair($"k{i}", "ssh-ed25519 AAAA", $"{i}", account, domain, now)));
        var groups = Make(i => new SecurityGroup($"g{i}", "", account, domain, now));
        db.AddRange(groups);
        db.AddRange(vms.Select(vm => new GroupMember { GroupId = groups[0].Id, VmId = vm.Id }));
        db.AddRange(groups.Select(g => new SecurityRule(Id.New<SecurityRule>(), g.Id, new() { Traffic = AclTraffic.Ingress, Protocol = "all", PeerId = groups[0].Id })));
        db.AddRange(Make(i => new UserDataText($"u{i}", [1], account, domain, now)));
        db.AddRange(Make(i => new Role($"r{i}", AllowedTo.User, "", now)));
        db.AddRange(Make(i => new Event(new EventType("VM.CREATE"), $"{i}", default, account, domain, now)));
        db.AddRange(vms.Select(vm => new WorkflowRow
        {
            Id = Id.New<WorkflowRow>().Value,
            Kind = "StartVm",
            State = "{}",
            Step = "MarkStarting",
            Phase = Phase.Stuck,
            Command = "startVirtualMachine",
            AccountId = account.Value,
            DomainId = domain.Value,
            InstanceKind = nameof(VirtualMachine),
            InstanceId = vm.Id.Value,
            CreatedAt = now,
        }));
        await db.SaveChangesAsync();
        return new() { ["virtualmachineid"] = vms[0].Id.ToString(), ["physicalnetworkid"] = wires[0].Id.ToString(), ["templatefilter"] = "all", ["id"] = balanced[0].Id.ToString() };

        List<T> Make<T>(Func<int, T> one) => [.. Enumerable.Range(0, count).Select(one)];
    }

    private static Volume Attached(Volume volume, VirtualMachine vm)
    {
        volume.Attach(vm.Id.Value, device: 0, vm.CreatedAt);
        return volume;
    }
}
