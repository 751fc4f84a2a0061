using Stratiform.Management.Networking;
using Stratiform.Management.Tests.Simulated;

namespace Stratiform.Management.Tests.Networking;

/// <summary>How much memory routers need, and what they are told to take at once with the memory that they have.</summary>
public sealed class RouterSizeTests(SimulatedCloudServer cloud) : IClassFixture<SimulatedCloudServer>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_memory_that_is_answered_is_the_least_that_holds_them(bool tls)
    {
        foreach (var size in new[] { RouterSize.Bits64, RouterSize.Bits32 })
        {
            for (var connections = 1; connections < 100_000; connections = connections * 2 + 7)
            {
                if (size.Memory(connections, tls) is not { } memory) continue;
                size.Limits(memory, tls).Connections.ShouldBeGreaterThanOrEqualTo(connections);
                if (memory > size.LeastMib) size.Limits(memory - 32, tls).Connections.ShouldBeLessThan(connections);
                var limits = size.Limits(memory, tls);
                var taken = limits.Connections * (tls ? size.TlsConnectionBytes : size.ConnectionBytes)
                    + (limits.Tracked - 2 * limits.Connections) * size.EntryBytes;
                taken.ShouldBeLessThanOrEqualTo((memory - size.SystemMib) << 20, "all of it at once");
            }
        }
    }

    [Fact]
    public void A_kernel_of_32_bits_holds_less_however_much_memory_there_is()
    {
        var most = RouterSize.Bits32.Limits(RouterSize.Bits32.MostMib, tls: false).Connections;
        RouterSize.Bits32.Limits(2048, tls: false).Connections.ShouldBe(most);
        RouterSize.Bits32.Memory(most, tls: false).ShouldNotBeNull();
        RouterSize.Bits32.Memory(most + 1, tls: false).ShouldBeNull();
        RouterSize.Bits64.Memory(most + 1, tls: false).ShouldNotBeNull();
    }

    [Fact]
    public void What_a_kernel_of_32_bits_tracks_fits_into_its_own_memory()
    {
        var size = RouterSize.Bits32;
        foreach (var tls in new[] { false, true })
        {
            for (long memory = size.LeastMib; memory <= size.MostMib; memory += 32)
            {
                var limits = size.Limits(memory, tls);
                var own = limits.Connections * size.KernelBytes + (limits.Tracked - 2 * limits.Connections) * size.EntryBytes;
                own.ShouldBeLessThanOrEqualTo((long)(size.LowMemoryMib!.Value - size.SystemMib) << 20, $"{memory} MiB");
            }
        }
    }

    [Fact]
    public async Task Operators_ask_for_a_size()
    {
        var small = await cloud.ShapeAsync("routersize", "sizeRouter", ("connections", "100"));
        small["memory"]!.GetValue<long>().ShouldBe(128);
        small["arch"]!.GetValue<string>().ShouldBe("x86_64");
        var large = await cloud.ShapeAsync("routersize", "sizeRouter", ("connections", "20000"), ("tls", "true"));
        large["memory"]!.GetValue<long>().ShouldBeGreaterThan(small["memory"]!.GetValue<long>());
        large["connectionmax"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(20000);
        large["trackedmax"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(40000);
        (await cloud.RefusedAsync(431, "sizeRouter", ("connections", "2000000"), ("arch", "i386"))).ShouldContain("use arch=x86_64");
        (await cloud.RefusedAsync(431, "sizeRouter", ("connections", "1"), ("arch", "sparc"))).ShouldContain("use x86_64 or i386");
        (await cloud.RefusedAsync(431, "sizeRouter", ("connections", "0"))).ShouldContain("1 or more");
    }

    [Fact]
    public async Task Routers_take_what_their_memory_holds()
    {
        var (network, guest) = await cloud.WithGuestAsync("sized");
        var address = await cloud.AcquireAsync(network);
        var balancer = await cloud.DoneAsync("loadbalancer", "createLoadBalancerRule",
            ("name", "sized"), ("publicipid", address.IdOf()), ("publicport", "80"), ("privateport", "80"), ("algorithm", "roundrobin"));
        (await cloud.JobAsync("assignToLoadBalancerRule", ("id", balancer.IdOf()), ("virtualmachineids", guest)))["jobstatus"]!.GetValue<int>().ShouldBe(1);
        var limits = RouterSize.Bits64.Limits(128, tls: false);
        (await cloud.RouterFileAsync(network, "haproxy.cfg")).ShouldStartWith($"global\n    maxconn {limits.Connections}\ndefaults\n");
        (await cloud.RouterFileAsync(network, "sysctl")).ShouldBe(
            $"net.netfilter.nf_conntrack_max = {limits.Tracked}\nnet.netfilter.nf_conntrack_buckets = {limits.Tracked / 2}\n");
    }
}
