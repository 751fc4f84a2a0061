using System.Collections.Concurrent;
using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>
/// A hypervisor whose machines are entries of a table. Its guests obey a shutdown after a moment, and tests make them do what
/// real ones do: shut themselves down, die, vanish with the power of the host.
/// </summary>
public sealed class FakeHypervisor(TimeProvider time, FakeDiskLocks locks) : IHypervisor
{
    private readonly ConcurrentDictionary<Guid, FakeDomain> _domains = new();
    private readonly ConcurrentQueue<Guid> _announced = new();
    private int _lastProcessId = 1000;

    /// <inheritdoc/>
    public event Action? Changed;

    /// <summary>How long a guest takes to shut down when asked; infinite for one that does not listen.</summary>
    public TimeSpan ShutdownTime { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>While set, guests keep the doors of their drives shut.</summary>
    public bool DrivesAreShut { get; set; }

    /// <summary>While set, guests do not let go of their network cards.</summary>
    public bool CardsAreHeld { get; set; }

    /// <summary>The domains that were announced, in turn.</summary>
    public IReadOnlyCollection<Guid> Announced => _announced;

    /// <summary>What it says it is.</summary>
    public HypervisorDescription Description { get; init; } =
        new(Accelerator.None, "The host is simulated: nothing executes.", "Simulator");

    /// <inheritdoc/>
    public IReadOnlyList<string> Images
    {
        get;
        set
        {
            field = value;
            Changed?.Invoke();
        }
    } = ["system-vm", "system-vm-i386"];

    /// <inheritdoc/>
    public Task<HypervisorDescription> DescribeAsync(CancellationToken ct) => Task.FromResult(Description);

    /// <inheritdoc/>
    public Task<DomainReport> EnsureAsync(DomainPlan plan, CancellationToken ct)
    {
        var domain = _domains.GetOrAdd(plan.Spec.Id, _ => new FakeDomain());
        lock (domain)
        {
            if (domain.IsActive) return Task.FromResult(domain.Report(plan.Spec.Id));
            try
            {
                if (plan.Spec.Kernel is { } kernel && !Images.Contains(kernel.Image)) throw SystemVmImages.IsMissing(kernel.Image, "the simulator");
                locks.Take(plan.Spec.Id, plan.Disks);
            }
            catch (HostException) when (domain.Power == PowerState.Absent)
            {
                _domains.TryRemove(plan.Spec.Id, out _);
                throw;
            }
            _domains[plan.Spec.Id] = domain;
            (domain.Plan, domain.Power, domain.ProcessId) = (plan, PowerState.Running, Interlocked.Increment(ref _lastProcessId));
            Changed?.Invoke();
            return Task.FromResult(domain.Report(plan.Spec.Id));
        }
    }

    /// <inheritdoc/>
    public Task<DomainReport> EnsureShutdownAsync(Guid domainId, CancellationToken ct)
    {
        if (!_domains.TryGetValue(domainId, out var domain)) return ReadAsync(domainId, ct);
        lock (domain)
        {
            if (domain is { IsActive: true, Shutdown: null } && ShutdownTime != Timeout.InfiniteTimeSpan)
            {
                domain.Shutdown = time.CreateTimer(
                    _ => ShutOff(domainId, domain), null, ShutdownTime, Timeout.InfiniteTimeSpan);
            }
            return Task.FromResult(domain.Report(domainId));
        }
    }

    /// <inheritdoc/>
    public Task<DomainReport> EnsureCdromAsync(Guid domainId, Disc? disc, bool forced, CancellationToken ct)
    {
        if (!_domains.TryGetValue(domainId, out var domain)) return ReadAsync(domainId, ct);
        lock (domain)
        {
            if (!domain.IsActive || domain.Plan!.Disc == disc) return Task.FromResult(domain.Report(domainId));
            if (domain.Plan.Spec.Kernel is not null) throw Drive.IsMissing(domain.Plan.Spec);
            if (DrivesAreShut && domain.Plan.Disc is not null && !forced) throw Drive.IsShut(domain.Plan.Spec);
            domain.Plan = domain.Plan with { Spec = domain.Plan.Spec with { Cdrom = disc?.Iso }, Disc = disc };
            return Task.FromResult(domain.Report(domainId));
        }
    }

    /// <inheritdoc/>
    public Task<bool> EnsureNicAsync(Guid domainId, NicSpec nic, Plug plug, CancellationToken ct) =>
        Task.FromResult(ChangeCards(domainId, nic.Id, spec => spec.With(nic)));

    /// <inheritdoc/>
    public Task<bool> EnsureNoNicAsync(Guid domainId, Guid nicId, CancellationToken ct) =>
        Task.FromResult(ChangeCards(domainId, nicId, spec => CardsAreHeld ? spec : spec.Without(nicId)));

    /// <inheritdoc/>
    public Task AnnounceAsync(Guid domainId, CancellationToken ct)
    {
        if (_domains.TryGetValue(domainId, out var domain) && domain.IsActive) _announced.Enqueue(domainId);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task EnsureAbsentAsync(Guid domainId, CancellationToken ct)
    {
        SetPower(domainId, PowerState.Absent);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<DomainReport> ReadAsync(Guid domainId, CancellationToken ct) => Task.FromResult(
        _domains.TryGetValue(domainId, out var domain)
            ? domain.Report(domainId)
            : new DomainReport { Id = domainId, Power = PowerState.Absent });

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedDomain>> ReadAllAsync(CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<HostedDomain>>(
        [
            .. _domains.Where(entry => entry.Value.Power != PowerState.Absent)
                .Select(entry => new HostedDomain(entry.Value.Report(entry.Key), entry.Value.Plan!.Spec)),
        ]);

    /// <summary>Size of the domain's scratch disk, which is there for as long as the domain is known; 0 when it has none.</summary>
    public long ScratchBytesOf(Guid domainId) => _domains.TryGetValue(domainId, out var domain) ? domain.Plan!.Spec.ScratchBytes : 0;

    /// <summary>The guest shuts itself down, is paused, or its QEMU dies.</summary>
    public void SetPower(Guid domainId, PowerState power)
    {
        if (!_domains.TryGetValue(domainId, out var domain)) return;
        lock (domain)
        {
            domain.Shutdown?.Dispose();
            (domain.Shutdown, domain.Power) = (null, power);
            if (!domain.IsActive)
            {
                domain.ProcessId = 0;
                locks.Release(domainId);
            }
            if (power == PowerState.Absent) _domains.TryRemove(domainId, out _);
        }
        Changed?.Invoke();
    }

    private bool ChangeCards(Guid domainId, Guid nicId, Func<DomainSpec, DomainSpec> change)
    {
        if (!_domains.TryGetValue(domainId, out var domain)) return false;
        lock (domain)
        {
            if (!domain.IsActive) return false;
            domain.Plan = domain.Plan! with { Spec = change(domain.Plan.Spec) };
            return domain.Plan.Spec.Nics.Any(nic => nic.Id == nicId);
        }
    }

    // One that was started anew meanwhile is another guest.
    private void ShutOff(Guid domainId, FakeDomain asked)
    {
        if (_domains.TryGetValue(domainId, out var now) && ReferenceEquals(now, asked)) SetPower(domainId, PowerState.ShutOff);
    }

    /// <summary>The host has lost its power: it has no domains any more.</summary>
    public void LosePower()
    {
        foreach (var id in _domains.Keys) SetPower(id, PowerState.Absent);
    }

    private sealed class FakeDomain
    {
        public DomainPlan? Plan { get; set; }

        public PowerState Power { get; set; }

        public int ProcessId { get; set; }

        public ITimer? Shutdown { get; set; }

        public bool IsActive => Power is PowerState.Running or PowerState.Paused;

        public DomainReport Report(Guid id) => new() { Id = id, Power = Power, ProcessId = ProcessId };
    }
}
