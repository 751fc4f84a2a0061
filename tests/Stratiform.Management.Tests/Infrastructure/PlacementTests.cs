using Stratiform.Management.Infrastructure;
using Stratiform.Management.Infrastructure.Placement;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Infrastructure;

/// <summary>Each reason for which a host is left out, and each opinion on which is best.</summary>
public sealed class PlacementTests
{
    private static readonly HostCandidate _host = new()
    {
        Id = Id.New<Host>(),
        ClusterId = Id.New<Cluster>(),
        Enabled = true,
        State = HostState.Up,
        Tags = ["ssd", "fast"],
        Images = ["system-vm"],
        Cpus = 8,
        CpuTotalMhz = 8000,
        CpuPromisedMhz = 6000,
        MemoryTotalMib = 4096,
        MemoryPromisedMib = 3072,
    };

    private static readonly PlacementRequest _fits = new()
    {
        OwnerId = Id.New<Host>().Value,
        ZoneId = Id.New<Zone>(),
        Cpus = 2,
        CpuMhz = 2000,
        MemoryMib = 1024,
        HostTags = ["ssd"],
    };

    private static readonly IHostFilter[] _filters =
    [
        new HostIsAskedFor(), new HostIsAnotherOne(), new HostIsEnabled(), new HostIsUp(), new HostHasTags(), new HostHasImage(), new HostHasProcessors(), new HostHasCpu(), new HostHasMemory(),
        new HostReachesStorage(),
    ];

    [Fact]
    public void What_fits_exactly_is_accepted() => _filters.ShouldAllBe(f => f.Accepts(_host, _fits));

    [Fact]
    public void Each_filter_refuses_its_own_reason_and_no_other()
    {
        Refusing(_host, _fits with { OnlyHost = Id.New<Host>() }).ShouldHaveSingleItem().ShouldBe(typeof(HostIsAskedFor));
        Refusing(_host, _fits with { OtherHosts = [_host.Id] }).ShouldHaveSingleItem().ShouldBe(typeof(HostIsAnotherOne));
        Refusing(_host with { Enabled = false }, _fits).ShouldHaveSingleItem().ShouldBe(typeof(HostIsEnabled));
        Refusing(_host with { State = HostState.Disconnected }, _fits).ShouldHaveSingleItem().ShouldBe(typeof(HostIsUp));
        Refusing(_host, _fits with { HostTags = ["ssd", "gpu"] }).ShouldHaveSingleItem().ShouldBe(typeof(HostHasTags));
        Refusing(_host, _fits with { Image = "system-vm-i386" }).ShouldHaveSingleItem().ShouldBe(typeof(HostHasImage));
        Refusing(_host, _fits with { Cpus = 9 }).ShouldHaveSingleItem().ShouldBe(typeof(HostHasProcessors));
        Refusing(_host, _fits with { CpuMhz = 2001 }).ShouldHaveSingleItem().ShouldBe(typeof(HostHasCpu));
        Refusing(_host, _fits with { MemoryMib = 1025 }).ShouldHaveSingleItem().ShouldBe(typeof(HostHasMemory));
        Refusing(_host, _fits with { ReachesStorage = _ => false }).ShouldHaveSingleItem().ShouldBe(typeof(HostReachesStorage));
    }

    [Fact]
    public void A_host_that_has_not_told_of_its_images_may_have_them()
    {
        Refusing(_host, _fits with { Image = "system-vm" }).ShouldBeEmpty();
        Refusing(_host with { Images = null }, _fits with { Image = "system-vm-i386" }).ShouldBeEmpty();
        Refusing(_host with { Images = [] }, _fits).ShouldBeEmpty();
    }

    [Fact]
    public void A_freer_host_is_better_and_the_last_one_best()
    {
        var free = _host with { Id = Id.New<Host>(), MemoryPromisedMib = 0 };
        new PreferFreeMemory().Score(free, _fits).ShouldBeGreaterThan(new PreferFreeMemory().Score(_host, _fits));
        var last = _fits with { LastHost = _host.Id };
        new PreferLastHost().Score(_host, last).ShouldBe(1);
        new PreferLastHost().Score(free, last).ShouldBe(0);
    }

    private static List<Type> Refusing(HostCandidate host, PlacementRequest request) =>
        [.. _filters.Where(f => !f.Accepts(host, request)).Select(f => f.GetType())];
}
