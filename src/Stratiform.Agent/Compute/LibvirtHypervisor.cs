using System.Collections.Concurrent;
using Stratiform.Agent.Networking;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>Where a libvirt host keeps its things.</summary>
/// <param name="StateFolder">What must survive restarts of the agent.</param>
/// <param name="ImagesFolder">System-VM images, one folder each.</param>
/// <param name="ChannelsFolder">Sockets of the programs inside system VMs.</param>
/// <param name="CpuShares">Whether processors are weighed by cgroups.</param>
public sealed record LibvirtOptions(string StateFolder, string ImagesFolder, string ChannelsFolder, bool CpuShares);

/// <summary>
/// Runs domains by libvirt. They are persistent there although only a record of ours gives them meaning: libvirt then keeps the
/// reason why a domain went off while the agent was away, which tells a guest's own shutdown from a death of QEMU.
/// </summary>
public sealed class LibvirtHypervisor : IHypervisor, IAsyncDisposable
{
    private const string Emulator = "/usr/bin/qemu-system-x86_64";

    // The first at once, and four more within a second (milliseconds).
    private const string Announcement = """{"execute":"announce-self","arguments":{"initial":50,"step":50,"max":200,"rounds":5}}""";
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);
    private readonly Libvirt _libvirt;
    private readonly LibvirtOptions _options;
    private readonly TimeProvider _time;
    private readonly DomainRecords _records;
    private readonly AcceleratorProbe _probe;
    private readonly ConcurrentDictionary<Guid, long> _asked = new();
    private readonly QemuProcesses _processes = new();
    private readonly WorkerSockets _sockets;
    private readonly ScratchDisks _scratch;
    private readonly PowerPoll _poll;
    private readonly string _bootId;

    /// <summary>Adopts the domains of this boot; <see cref="PowerPoll"/> begins to watch them.</summary>
    public LibvirtHypervisor(Libvirt libvirt, LibvirtOptions options, IMachine machine, TimeProvider time)
    {
        (_libvirt, _options, _time, _bootId) = (libvirt, options, time, machine.BootId);
        Directory.CreateDirectory(ConsoleFolder);
        _records = new DomainRecords(Path.Combine(options.StateFolder, "domains"), _bootId);
        _probe = new AcceleratorProbe(Emulator, Path.Combine(options.ImagesFolder, "system-vm", "vmlinuz"),
            Path.Combine(options.StateFolder, "accelerator.json"));
        _sockets = new WorkerSockets(options.ChannelsFolder);
        _scratch = new ScratchDisks(Path.Combine(options.StateFolder, "scratch"));
        _poll = new PowerPoll(LookAsync, time);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public IReadOnlyList<string> Images => SystemVmImages.In(_options.ImagesFolder);

    private string ConsoleFolder => Path.Combine(_options.StateFolder, "consoles");

    /// <inheritdoc/>
    public async Task<HypervisorDescription> DescribeAsync(CancellationToken ct)
    {
        var (qemu, libvirt) = await AskAsync(() => _libvirt.VersionsAsync(ct));
        var probe = await _probe.RunAsync(qemu, ct);
        return new HypervisorDescription(probe.Accelerator, probe.Reason, $"QEMU {qemu}, libvirt {libvirt}");
    }

    /// <inheritdoc/>
    public async Task<DomainReport> EnsureAsync(DomainPlan plan, CancellationToken ct)
    {
        var id = plan.Spec.Id;
        var state = await AskAsync(() => _libvirt.StateAsync(id, ct));
        if (IsActive(state))
        {
            if (_records.Find(id) is null) _records.Keep(new DomainRecord(_bootId, plan.Spec));
            return Report(id, state);
        }
        if (plan.Spec.Kernel is { } kernel) SystemVmImages.Require(_options.ImagesFolder, kernel);
        var description = await DescribeAsync(ct);
        if (state is not null) await AskAsync(() => _libvirt.RemoveAsync(id, ct));
        if (plan.Spec.Kernel?.Program is { Length: > 0 }) _sockets.Prepare();
        _records.Keep(new DomainRecord(_bootId, plan.Spec));
        var host = new DomainSurroundings(description.Accelerator, _options.ImagesFolder, ConsoleLog(id), _sockets.PathOf(id),
            _options.CpuShares, _scratch.Make(id, plan.Spec.ScratchBytes));
        _asked.TryRemove(id, out _);
        try
        {
            await AskAsync(() => _libvirt.StartAsync(DomainXml.Write(plan, host), ct));
        }
        catch (HostException)
        {
            Forget(id);
            throw;
        }
        return await ReadAsync(id, ct);
    }

    /// <inheritdoc/>
    public async Task<DomainReport> EnsureShutdownAsync(Guid domainId, CancellationToken ct)
    {
        var report = await ReadAsync(domainId, ct);
        var first = !_asked.ContainsKey(domainId);
        if (report.Power is not PowerState.Running || !IsTimeToAsk(domainId)) return report;
        try
        {
            var throughAgent = first && GuestChannel.IsConnected(await AskAsync(() => _libvirt.XmlAsync(domainId, ct)));
            await AskAsync(() => _libvirt.ShutdownAsync(domainId, throughAgent, ct));
        }
        catch (HostException)
        {
            // It may have gone off between the two questions; one that has not is asked again, by its power button.
        }
        return await ReadAsync(domainId, ct);
    }

    /// <inheritdoc/>
    public async Task<DomainReport> EnsureCdromAsync(Guid domainId, Disc? disc, bool forced, CancellationToken ct)
    {
        var report = await ReadAsync(domainId, ct);
        if (report.Power is not (PowerState.Running or PowerState.Paused) || _records.Find(domainId) is not { } record) return report;
        if (record.Spec.Kernel is not null) throw Drive.IsMissing(record.Spec);
        await AskAsync(() => new DiscChange(_libvirt, record.Spec, disc, forced).RunAsync(ct));
        _records.Keep(record with { Spec = record.Spec with { Cdrom = disc?.Iso } });
        return report;
    }

    /// <inheritdoc/>
    public async Task<bool> EnsureNicAsync(Guid domainId, NicSpec nic, Plug plug, CancellationToken ct)
    {
        if (!IsActive(await AskAsync(() => _libvirt.StateAsync(domainId, ct))) || _records.Find(domainId) is not { } record) return false;
        // Noted first: what a host may have plugged in is known, whatever happens next.
        _records.Keep(record with { Spec = record.Spec.With(nic) });
        if (Card.Find(await AskAsync(() => _libvirt.XmlAsync(domainId, ct)), nic.Id) is null)
            await AskAsync(() => _libvirt.AttachDeviceAsync(domainId, Card.Write(nic, plug).ToString(), ct));
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> EnsureNoNicAsync(Guid domainId, Guid nicId, CancellationToken ct)
    {
        if (!IsActive(await AskAsync(() => _libvirt.StateAsync(domainId, ct))) || _records.Find(domainId) is not { } record) return false;
        if (Card.Find(await AskAsync(() => _libvirt.XmlAsync(domainId, ct)), nicId) is { } card)
        {
            await AskAsync(() => _libvirt.DetachDeviceAsync(domainId, card.ToString(), ct));
            if (Card.Find(await AskAsync(() => _libvirt.XmlAsync(domainId, ct)), nicId) is not null) return true;
        }
        _records.Keep(record with { Spec = record.Spec.Without(nicId) });
        return false;
    }

    /// <inheritdoc/>
    public async Task AnnounceAsync(Guid domainId, CancellationToken ct)
    {
        if (IsActive(await AskAsync(() => _libvirt.StateAsync(domainId, ct))))
            await AskAsync(() => _libvirt.AskMonitorAsync(domainId, Announcement, ct));
    }

    /// <inheritdoc/>
    public async Task EnsureAbsentAsync(Guid domainId, CancellationToken ct)
    {
        if (await AskAsync(() => _libvirt.StateAsync(domainId, ct)) is not null) await AskAsync(() => _libvirt.RemoveAsync(domainId, ct));
        File.Delete(ConsoleLog(domainId));
        Forget(domainId);
        _asked.TryRemove(domainId, out _);
        Changed?.Invoke();
    }

    /// <inheritdoc/>
    public async Task<DomainReport> ReadAsync(Guid domainId, CancellationToken ct) =>
        Report(domainId, await AskAsync(() => _libvirt.StateAsync(domainId, ct)));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<HostedDomain>> ReadAllAsync(CancellationToken ct)
    {
        var states = await AskAsync(() => _libvirt.ListAsync(ct));
        return
        [
            .. _records.All
                .Select(record => new HostedDomain(Report(record.Spec.Id, State(states, record.Spec.Id)), record.Spec))
                .Where(domain => domain.Report.Power != PowerState.Absent),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _poll.DisposeAsync();

    private static LibvirtDomainState? State(IReadOnlyDictionary<Guid, LibvirtDomainState> states, Guid id) =>
        states.TryGetValue(id, out var state) ? state : null;

    private static bool IsActive(LibvirtDomainState? state) =>
        state?.Power is not (null or LibvirtPower.ShutOff or LibvirtPower.Crashed or LibvirtPower.None);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (LibvirtException error)
        {
            throw error.ToHostException();
        }
    }

    private static async Task AskAsync(Func<Task> ask) => await AskAsync(async () =>
    {
        await ask();
        return true;
    });

    private DomainReport Report(Guid id, LibvirtDomainState? state)
    {
        var record = _records.Find(id);
        return new DomainReport
        {
            Id = id,
            Power = record is null || state is null ? PowerState.Absent : PowerOf(state.Value, record),
            ProcessId = record is not null && IsActive(state) ? _processes.Find(id) : 0,
        };
    }

    // How a domain ended is believed when it is first seen: a libvirtd that was restarted since has forgotten it.
    private PowerState PowerOf(LibvirtDomainState state, DomainRecord record)
    {
        if (IsActive(state)) return state.Power == LibvirtPower.Paused ? PowerState.Paused : PowerState.Running;
        if (record.Ending is { } known) return known;
        var ending = Libvirt.IsByGuest(state) ? PowerState.ShutOff : PowerState.Crashed;
        _records.Conclude(record, ending);
        return ending;
    }

    private bool IsTimeToAsk(Guid id)
    {
        var now = _time.GetTimestamp();
        if (_asked.TryGetValue(id, out var before) && _time.GetElapsedTime(before, now) < AskAgain) return false;
        _asked[id] = now;
        return true;
    }

    private string ConsoleLog(Guid id) => Path.Combine(ConsoleFolder, $"{id}.log");

    private async Task<string> LookAsync(CancellationToken ct)
    {
        await ForgetRemainsAsync(ct);
        ConsoleLogs.Trim(ConsoleFolder);
        var domains = await ReadAllAsync(ct);
        var sight = string.Join(' ', domains.OrderBy(domain => domain.Report.Id).Select(domain => domain.Report));
        if (_poll.IsNews(sight)) Changed?.Invoke();
        return sight;
    }

    // The record last: while there is one, somebody comes back to what is left.
    private void Forget(Guid id)
    {
        _scratch.Remove(id);
        _sockets.Remove(id);
        _records.Forget(id);
    }

    private async Task ForgetRemainsAsync(CancellationToken ct)
    {
        while (_records.Remains is [var id, ..])
        {
            if (await AskAsync(() => _libvirt.StateAsync(id, ct)) is not null) await AskAsync(() => _libvirt.RemoveAsync(id, ct));
            Forget(id);
            _records.Remains.Remove(id);
        }
    }
}
