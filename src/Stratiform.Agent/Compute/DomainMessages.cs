using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Stratiform.Agent.Fencing;
using Stratiform.Agent.Serving;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>Messages about domains.</summary>
internal static partial class DomainMessages
{
    public static void List(MessageTable on)
    {
        on.Ensure((EnsureDomain ensure) => Thing.Domain(ensure.Domain.Id), (host, ensure, ct) =>
            host.StampAsync(ensure.Domain.Id, () => EnsureAsync(host, ensure.Domain, ct)));

        on.Ensure((EnsureShutdown ensure) => Thing.Domain(ensure.DomainId), (host, ensure, ct) =>
            host.StampAsync(ensure.DomainId, () => host.Drivers.Hypervisor.EnsureShutdownAsync(ensure.DomainId, ct)));

        on.Ensure((EnsureCdrom ensure) => Thing.Domain(ensure.DomainId), (host, ensure, ct) => host.StampAsync(ensure.DomainId, () =>
            host.Drivers.Hypervisor.EnsureCdromAsync(ensure.DomainId, host.Locate(ensure.Iso), ensure.Forced, ct)));

        on.Ensure((EnsureNic ensure) => Thing.Domain(ensure.DomainId), EnsureNicAsync);

        on.Ensure((EnsureNoNic ensure) => Thing.Domain(ensure.DomainId), async (host, ensure, ct) =>
        {
            var isIn = await host.Drivers.Hypervisor.EnsureNoNicAsync(ensure.DomainId, ensure.Nic.Id, ct);
            if (!isIn) await host.Drivers.Fabric.UnplugAsync([ensure.Nic], ct);
            return new NicReport(isIn);
        });

        on.EnsureNo((EnsureNoDomain ensure) => Thing.Domain(ensure.DomainId), (host, ensure, ct) => EnsureAbsentAsync(host, ensure.DomainId, ct));

        on.Read((AgentHost host, ReadDomain read, CancellationToken ct) =>
            host.StampAsync(read.DomainId, () => host.Drivers.Hypervisor.ReadAsync(read.DomainId, ct)));
    }

    private static async Task<DomainReport> EnsureAsync(AgentHost host, DomainSpec spec, CancellationToken ct)
    {
        Check(spec);
        var known = await host.Drivers.Hypervisor.ReadAsync(spec.Id, ct);
        if (known.Power is PowerState.Running or PowerState.Paused) return known;
        return await host.Drivers.Hypervisor.EnsureAsync(await host.LocateAsync(spec, ct), ct);
    }

    // Its guard holds before it is in; a domain that is off gets neither.
    private static async Task<NicReport> EnsureNicAsync(AgentHost host, EnsureNic ensure, CancellationToken ct)
    {
        Check($"{ensure.DomainId}", ensure.Nic);
        var known = await host.Drivers.Hypervisor.ReadAsync(ensure.DomainId, ct);
        if (known.Power is not (PowerState.Running or PowerState.Paused)) return new NicReport(false);
        var plug = await host.Drivers.Fabric.PlugAsync(ensure.Nic, ct);
        return new NicReport(await host.Drivers.Hypervisor.EnsureNicAsync(ensure.DomainId, ensure.Nic, plug, ct));
    }

    private static async Task EnsureAbsentAsync(AgentHost host, Guid domainId, CancellationToken ct)
    {
        var there = await host.Drivers.Hypervisor.ReadAllAsync(ct);
        await host.Drivers.Hypervisor.EnsureAbsentAsync(domainId, ct);
        if (there.FirstOrDefault(domain => domain.Spec.Id == domainId) is { } gone) await host.Drivers.Fabric.UnplugAsync(gone.Spec.Nics, ct);
    }

    private static void Check(DomainSpec spec)
    {
        if (spec.Id == Guid.Empty || !NameShape().IsMatch(spec.Name))
            throw new HostException(HostErrorCode.Invalid, "A domain needs an id and a name of letters, digits and dashes.");
        if (spec.Vcpus is < 1 or > 512 || spec.MemoryMib < 16)
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} needs at least one processor and 16 MiB.");
        if (spec.ScratchBytes < 0)
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} wants a scratch disk of less than nothing.");
        if (spec.Kernel is null && spec.Disks.Count == 0)
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} has neither a kernel nor a disk to boot from.");
        if (spec.Kernel is not null && spec.Cdrom is not null)
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} is a system VM, which has no drive for discs.");
        if (spec.Kernel is { } kernel && !NameShape().IsMatch(kernel.Image))
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} names a system-VM image that cannot exist.");
        if (spec.Kernel is { Program: not "" and var program } && !NameShape().IsMatch(program))
            throw new HostException(HostErrorCode.Invalid, $"{spec.Name} names a program that cannot exist.");
        foreach (var nic in spec.Nics) Check(spec.Name, nic);
    }

    private static void Check(string domain, NicSpec nic)
    {
        if (!MacShape().IsMatch(nic.Mac) || nic.Mtu is < 576 or > 65535)
            throw new HostException(HostErrorCode.Invalid, $"The network card {nic.Id} of {domain} needs a MAC and an MTU.");
        if (nic.Guard?.Addresses?.Any(address => !IsIpv4(address)) == true)
            throw new HostException(HostErrorCode.Invalid, $"The network card {nic.Id} of {domain} has an address that is none: IPv4, four numbers.");
    }

    // Only what is written as it would be printed: it goes into rules as it is.
    private static bool IsIpv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,80}\z", RegexOptions.None, 1000)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\z", RegexOptions.None, 1000)]
    private static partial Regex MacShape();
}
