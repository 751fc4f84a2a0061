using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Stratiform.Benchmarks;

/// <summary>
/// Many tenants' networks on simulated hosts: each with a guest, an address and ten rules that are made, changed and removed, all at once,
/// until nothing is left.
/// </summary>
internal sealed class NetworksPart(BenchCloud cloud, Figures figures)
{
    private const int AtOnce = 48;
    private const int Rules = 10;
    private static readonly TimeSpan HostDelay = TimeSpan.FromMilliseconds(5);

    /// <summary>Measures all of it.</summary>
    public async Task RunAsync(int hosts, int networks, CancellationToken ct)
    {
        await cloud.StartAsync(hosts, HostDelay, ct);
        var filled = await new CloudFill(cloud.Client).FillAsync(hosts, networks: 0, ct);
        await using var jobs = new JobWatch(cloud.Client);
        var tenants = Enumerable.Range(0, networks).Select(n => new Tenant(cloud, jobs, filled, n)).ToList();
        await PhaseAsync($"{networks} networks on {hosts} hosts, each with a guest and an address: made", 1, tenants, tenant => tenant.ArriveAsync(ct), ct);
        await PhaseAsync($"  {Rules} rules in each: made", Rules, tenants, tenant => tenant.MakeRulesAsync(ct), ct);
        await PhaseAsync("  port forwardings led elsewhere", Tenant.Forwardings, tenants, tenant => tenant.ChangeRulesAsync(ct), ct);
        figures.Add(await cloud.Client.AuditAsync("  leaks and unreadable places with all rules in force", ct));
        await PhaseAsync("  rules removed", Rules, tenants, tenant => tenant.RemoveRulesAsync(ct), ct);
        await PhaseAsync("  networks removed with all that is in them", 1, tenants, tenant => tenant.LeaveAsync(ct), ct);
        var left = 0;
        foreach (var list in (string[])["listNetworks", "listRouters", "listVirtualMachines"])
            left += (await cloud.Client.AskAsync(list, ["listall=true"], ct)).Count;
        figures.Add(new("  networks, routers and guests that are left", left, "") { AtMost = 0 });
        figures.Add(await cloud.Client.AuditAsync("  leaks and unreadable places at the end", ct));
        figures.Add(new("  server: memory and swap", ProcessUsage.MemoryMib(cloud.Server), "MiB"));
    }

    private async Task PhaseAsync(
        string name, int each, List<Tenant> tenants, Func<Tenant, Task<IReadOnlyList<JobWatch.Ended>>> actAsync, CancellationToken ct)
    {
        var ends = new ConcurrentBag<JobWatch.Ended>();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (tenant, _) =>
        {
            foreach (var end in await actAsync(tenant)) ends.Add(end);
        });
        var rate = tenants.Count * each / Stopwatch.GetElapsedTime(began).TotalSeconds;
        foreach (var same in ends.GroupBy(e => e.Failure).Where(same => same.Key is not null))
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"bench: failed: {same.Count()} x {same.Key}"));
        figures.Add(new(name, rate, "/s"));
        figures.Add(new("    jobs that failed", ends.Count(e => e.Failure is not null), $"of {ends.Count}") { AtMost = 0 });
        var times = ends.Select(e => e.Took).Order().ToList();
        figures.Add(new("    request to success seen, p95", times[times.Count * 95 / 100].TotalMilliseconds, "ms"));
    }

    /// <summary>One network and what its owner does to it.</summary>
    private sealed class Tenant(BenchCloud cloud, JobWatch jobs, CloudFill.Filled filled, int number)
    {
        public const int Forwardings = 4;
        private const int Openings = 4;
        private const int Exceptions = Rules - Forwardings - Openings;

        private readonly List<(string Command, string Id)> _rules = [];
        private string _network = "", _guest = "", _address = "";

        public async Task<IReadOnlyList<JobWatch.Ended>> ArriveAsync(CancellationToken ct)
        {
            _network = await cloud.Client.MakeAsync("createNetwork", ["zoneid=" + filled.Zone, "networkofferingid=" + filled.NetworkOffering, $"name=net-{number}"], ct);
            var guest = await jobs.RunAsync("deployVirtualMachine", CloudFill.Deployment(filled, _network, $"guest-{number}"), ct);
            var address = await jobs.RunAsync("associateIpAddress", ["networkid=" + _network], ct);
            (_guest, _address) = (guest.Id ?? "", address.Id ?? "");
            return [guest, address];
        }

        public async Task<IReadOnlyList<JobWatch.Ended>> MakeRulesAsync(CancellationToken ct)
        {
            return await Task.WhenAll(
            [
                .. Enumerable.Range(0, Forwardings).Select(n => MakeAsync("PortForwardingRule", ct, "ipaddressid=" + _address, "virtualmachineid=" + _guest,
                    "protocol=tcp", $"publicport={8000 + n}", "privateport=80", "openfirewall=false")),
                .. Enumerable.Range(0, Openings).Select(n => MakeAsync("FirewallRule", ct, "ipaddressid=" + _address, "protocol=tcp",
                    $"startport={8000 + n}", $"endport={8000 + n}", "cidrlist=198.51.100.0/24")),
                .. Enumerable.Range(0, Exceptions).Select(n => MakeAsync("EgressFirewallRule", ct, "networkid=" + _network, "protocol=udp",
                    $"startport={9000 + n}", $"endport={9000 + n}")),
            ]);
        }

        public async Task<IReadOnlyList<JobWatch.Ended>> ChangeRulesAsync(CancellationToken ct) => await Task.WhenAll(_rules
            .Where(rule => rule.Command == "PortForwardingRule")
            .Select(rule => jobs.RunAsync("updatePortForwardingRule", ["id=" + rule.Id, "privateport=81"], ct)));

        public async Task<IReadOnlyList<JobWatch.Ended>> RemoveRulesAsync(CancellationToken ct) =>
            await Task.WhenAll(_rules.Select(rule => jobs.RunAsync("delete" + rule.Command, ["id=" + rule.Id], ct)));

        public async Task<IReadOnlyList<JobWatch.Ended>> LeaveAsync(CancellationToken ct) =>
        [
            await jobs.RunAsync("destroyVirtualMachine", ["id=" + _guest, "expunge=true"], ct),
            await jobs.RunAsync("deleteNetwork", ["id=" + _network], ct),
        ];

        private async Task<JobWatch.Ended> MakeAsync(string kind, CancellationToken ct, params string[] parameters)
        {
            var made = await jobs.RunAsync("create" + kind, parameters, ct);
            lock (_rules)
                if (made is { Id: { } id, Failure: null }) _rules.Add((kind, id));
            return made;
        }
    }
}
