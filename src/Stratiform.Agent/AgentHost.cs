using Stratiform.Agent.Compute;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Reporting;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent;

/// <summary>
/// One host's agent, however it is served: it checks the fence, resolves what a message names into places on this host, lets a
/// driver make it so, and observes. Holds no state of its own that a restart would lose; drivers and the fence store keep that.
/// </summary>
public sealed class AgentHost
{
    /// <summary>Brings the parts of a host together.</summary>
    public AgentHost(HostDrivers drivers, IFenceStore fences, ILogger<AgentHost> log)
    {
        (Drivers, Fences, Gate, Diary) = (drivers, fences, new FenceGate(fences), new HostDiary(log));
        Observer = new Observer(this);
        drivers.Hypervisor.Changed += Observer.Nudge;
    }

    /// <summary>The technologies of this host.</summary>
    public HostDrivers Drivers { get; }

    /// <summary>What others can watch of it.</summary>
    public Observer Observer { get; }

    internal IFenceStore Fences { get; }

    internal FenceGate Gate { get; }

    internal HostDiary Diary { get; }

    /// <summary>Obeys a message within the process; the order is needed for those that change something.</summary>
    public async Task<TAnswer> SendAsync<TAnswer>(IHostMessage<TAnswer> message, Order order, CancellationToken ct)
        where TAnswer : class =>
        (TAnswer)await MessageTable.All[message.GetType().Name].ObeyAsync(this, message, order, ct);

    /// <summary>Answers a message that changes nothing.</summary>
    public Task<TAnswer> ReadAsync<TAnswer>(IHostMessage<TAnswer> message, CancellationToken ct)
        where TAnswer : class => SendAsync(message, default, ct);

    // The owner is looked up before the state is read: a report may claim less than was obeyed, never more.
    internal async Task<DomainReport> StampAsync(Guid domainId, Func<Task<DomainReport>> read)
    {
        var (subject, fence) = OwnerOf(domainId);
        return await read() with { Subject = subject, Fence = fence };
    }

    internal (string Subject, long Fence) OwnerOf(Guid domainId)
    {
        var subject = Fences.OwnerOf(Thing.Domain(domainId)) ?? "";
        return (subject, subject.Length == 0 ? 0 : Fences.FenceOf(subject));
    }

    internal async Task<DomainPlan> LocateAsync(DomainSpec spec, CancellationToken ct)
    {
        var disks = new List<Storage.DiskSource>(spec.Disks.Count);
        foreach (var disk in spec.Disks) disks.Add(await Drivers.Pools.Require(disk.PoolId).LocateAsync(disk.VolumeId, ct));
        var plugs = new List<Networking.Plug>(spec.Nics.Count);
        foreach (var nic in spec.Nics) plugs.Add(await Drivers.Fabric.PlugAsync(nic, ct));
        return new DomainPlan(spec, disks, plugs, Locate(spec.Cdrom));
    }

    internal Disc? Locate(ImageOnPool? iso)
    {
        if (iso is null) return null;
        var file = Drivers.Pools.Require(iso.PoolId).FindImage(iso.ImageId)
            ?? throw new HostException(HostErrorCode.NotFound, $"The image {iso.ImageId} is not on the pool {iso.PoolId}.");
        return new Disc(iso, file.LocalPath);
    }
}
