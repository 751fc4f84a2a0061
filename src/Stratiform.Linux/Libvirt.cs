using System.Runtime.InteropServices;
using static Stratiform.Linux.LibvirtNative;

namespace Stratiform.Linux;

/// <summary>A domain's state and why it is in it; the numbers are those of virDomainState and its reasons.</summary>
public readonly record struct LibvirtDomainState(LibvirtPower Power, int Reason);

/// <summary>virDomainState.</summary>
public enum LibvirtPower
{
    /// <summary>Unknown.</summary>
    None,

    /// <summary>Runs.</summary>
    Running,

    /// <summary>Waits for something.</summary>
    Blocked,

    /// <summary>Paused.</summary>
    Paused,

    /// <summary>On its way down.</summary>
    ShuttingDown,

    /// <summary>Off.</summary>
    ShutOff,

    /// <summary>Crashed.</summary>
    Crashed,

    /// <summary>Asleep.</summary>
    Suspended,
}

/// <summary>
/// One libvirtd, whatever happens to it: a connection that broke because the daemon was restarted is replaced and the call
/// repeated once. libvirt's calls block, so each runs on a thread of the pool.
/// </summary>
public sealed class Libvirt(string uri) : IDisposable
{
    private const uint ReasonShutOffByGuest = 1;
    private const uint UndefineEverything = 1 | 2 | 4 | 16;
    private const uint ByPowerButton = 1;
    private const uint ByGuestAgent = 2;
    private const uint WhileItRuns = 1;
    private const uint ByForce = 4;
    private readonly Lock _lock = new();
    private LibvirtConnectHandle? _connection;

    static unsafe Libvirt()
    {
        _ = virInitialize();
        virSetErrorFunc(0, &Ignore);
    }

    /// <summary>Whether a domain that is off was shut down by its guest.</summary>
    public static bool IsByGuest(LibvirtDomainState state) =>
        state is { Power: LibvirtPower.ShutOff, Reason: (int)ReasonShutOffByGuest };

    /// <summary>Versions of the hypervisor and of libvirt.</summary>
    public Task<(Version Hypervisor, Version Libvirt)> VersionsAsync(CancellationToken ct) => CallAsync(connection =>
    {
        Check(virConnectGetVersion(connection, out var hypervisor));
        Check(virConnectGetLibVersion(connection, out var library));
        return (ToVersion(hypervisor), ToVersion(library));
    }, ct);

    /// <summary>The states of all domains that libvirt knows.</summary>
    public Task<IReadOnlyDictionary<Guid, LibvirtDomainState>> ListAsync(CancellationToken ct) => CallAsync(List, ct);

    /// <summary>The state of a domain, or null if libvirt does not know it.</summary>
    public Task<LibvirtDomainState?> StateAsync(Guid id, CancellationToken ct) => CallAsync<LibvirtDomainState?>(connection =>
    {
        using var domain = virDomainLookupByUUIDString(connection, id.ToString());
        if (domain.IsInvalid)
        {
            var error = LastError();
            return error.Code == LibvirtErrorCode.NoDomain ? null : throw error;
        }
        return State(domain.DangerousGetHandle());
    }, ct);

    /// <summary>Makes the domain known and starts it; what cannot be started is not known afterwards.</summary>
    public Task StartAsync(string xml, CancellationToken ct) => CallAsync(connection =>
    {
        using var domain = Check(virDomainDefineXMLFlags(connection, xml, 0));
        if (virDomainCreate(domain) >= 0) return true;
        var error = LastError();
        _ = virDomainUndefineFlags(domain, UndefineEverything);
        throw error;
    }, ct);

    /// <summary>Cuts the power of a domain and forgets it.</summary>
    public Task RemoveAsync(Guid id, CancellationToken ct) => WithAsync(id, domain =>
    {
        // One that ends in between is as dead as it shall be.
        if (virDomainDestroy(domain) < 0 && LastError() is { Code: not LibvirtErrorCode.OperationInvalid } error) throw error;
        Check(virDomainUndefineFlags(domain, UndefineEverything));
        return true;
    }, ct);

    /// <summary>Asks the guest to shut down, through its agent or by the power button.</summary>
    public Task ShutdownAsync(Guid id, bool throughAgent, CancellationToken ct) =>
        WithAsync(id, domain => Check(virDomainShutdownFlags(domain, throughAgent ? ByGuestAgent : ByPowerButton)), ct);

    /// <summary>Changes a device of a running domain to what the description says.</summary>
    public Task UpdateDeviceAsync(Guid id, string xml, bool forced, CancellationToken ct) =>
        WithAsync(id, domain => Check(virDomainUpdateDeviceFlags(domain, xml, forced ? WhileItRuns | ByForce : WhileItRuns)), ct);

    /// <summary>Plugs a device into a running domain.</summary>
    public Task AttachDeviceAsync(Guid id, string xml, CancellationToken ct) =>
        WithAsync(id, domain => Check(virDomainAttachDeviceFlags(domain, xml, WhileItRuns)), ct);

    /// <summary>Asks a running domain to let go of a device and waits for some seconds; a guest that does not listen keeps it.</summary>
    public Task DetachDeviceAsync(Guid id, string xml, CancellationToken ct) => WithAsync(id, domain =>
    {
        // It has been asked before, and has not answered yet.
        if (virDomainDetachDeviceFlags(domain, xml, WhileItRuns) < 0
            && LastError() is var error && !error.Message.Contains("process of unplug", StringComparison.Ordinal)) throw error;
        return true;
    }, ct);

    /// <summary>The description of a domain as it is now.</summary>
    public Task<string> XmlAsync(Guid id, CancellationToken ct) =>
        WithAsync(id, domain => Take(virDomainGetXMLDesc(domain, 0)), ct);

    /// <summary>Sends a command to the agent inside a guest and returns its answer, both JSON.</summary>
    public Task<string> AskAgentAsync(Guid id, string command, TimeSpan limit, CancellationToken ct) =>
        WithAsync(id, domain => Take(virDomainQemuAgentCommand(domain, command, (int)limit.TotalSeconds, 0)), ct);

    /// <summary>Sends a command to QEMU's monitor and returns its answer, both JSON.</summary>
    public Task<string> AskMonitorAsync(Guid id, string command, CancellationToken ct) => WithAsync(id, domain =>
    {
        Check(virDomainQemuMonitorCommand(domain, command, out var answer, 0));
        return Take(answer);
    }, ct);

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    [UnmanagedCallersOnly]
    private static unsafe void Ignore(nint userData, LibvirtError* error)
    {
    }

    private static unsafe IReadOnlyDictionary<Guid, LibvirtDomainState> List(LibvirtConnectHandle connection)
    {
        var count = Check(virConnectListAllDomains(connection, out var domains, 0));
        var states = new Dictionary<Guid, LibvirtDomainState>(count);
        Span<byte> text = stackalloc byte[37];
        for (var i = 0; i < count; i++)
        {
            var domain = ((nint*)domains)[i];
            fixed (byte* buffer = text) _ = virDomainGetUUIDString(domain, buffer);
            // A domain that ended for good since it was listed has no state.
            if (virDomainGetState(domain, out var power, out var reason, 0) >= 0)
                states[Guid.Parse(text[..36])] = new LibvirtDomainState((LibvirtPower)power, reason);
            _ = virDomainFree(domain);
        }
        free(domains);
        return states;
    }

    private static LibvirtDomainState State(nint domain)
    {
        Check(virDomainGetState(domain, out var power, out var reason, 0));
        return new LibvirtDomainState((LibvirtPower)power, reason);
    }

    private static Version ToVersion(ulong number) =>
        new((int)(number / 1_000_000), (int)(number / 1000 % 1000), (int)(number % 1000));

    private static int Check(int result) => result >= 0 ? result : throw LastError();

    private static LibvirtDomainHandle Check(LibvirtDomainHandle domain) => !domain.IsInvalid ? domain : throw LastError();

    private static string Take(nint text)
    {
        if (text == 0) throw LastError();
        var taken = Marshal.PtrToStringUTF8(text)!;
        free(text);
        return taken;
    }

    private static unsafe LibvirtException LastError()
    {
        var error = virGetLastError();
        return error is null
            ? new LibvirtException(LibvirtErrorCode.Internal, "libvirt failed without saying why.")
            : new LibvirtException((LibvirtErrorCode)error->Code, Marshal.PtrToStringUTF8(error->Message) ?? "");
    }

    private Task<T> WithAsync<T>(Guid id, Func<LibvirtDomainHandle, T> call, CancellationToken ct) => CallAsync(connection =>
    {
        using var domain = Check(virDomainLookupByUUIDString(connection, id.ToString()));
        return call(domain);
    }, ct);

    private Task<T> CallAsync<T>(Func<LibvirtConnectHandle, T> call, CancellationToken ct) => Task.Run(() =>
    {
        var connection = Connect();
        try
        {
            return call(connection);
        }
        catch (LibvirtException) when (virConnectIsAlive(connection) != 1)
        {
            return call(Connect(instead: connection));
        }
    }, ct);

    private LibvirtConnectHandle Connect(LibvirtConnectHandle? instead = null)
    {
        lock (_lock)
        {
            if (_connection is not null && _connection != instead) return _connection;
            // Calls of others may still hold the broken one: the last of them frees it.
            _connection?.Dispose();
            _connection = null;
            var opened = virConnectOpen(uri);
            if (opened.IsInvalid) throw new LibvirtException(LibvirtErrorCode.NoConnection, LastError().Message);
            return _connection = opened;
        }
    }
}
