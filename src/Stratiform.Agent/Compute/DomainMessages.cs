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
        if (spec.Nics.FirstOrDefault(nic => !MacShape().IsMatch(nic.Mac) || nic.Mtu is < 576 or > 65535) is { } bad)
            throw new HostException(HostErrorCode.Invalid, $"The network card {bad.Id} of {spec.Name} needs a MAC and an MTU.");
        if (spec.Nics.FirstOrDefault(nic => nic.Guard?.Addresses.Any(address => !IsIpv4(address)) == true) is { } odd)
            throw new HostException(HostErrorCode.Invalid, $"The network card {odd.Id} of {spec.Name} has an address that is none: IPv4, four numbers.");
    }

    // Only what is written as it would be printed: it goes into rules as it is.
    private static bool IsIpv4(string text) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && address.ToString() == text;

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,80}\z", RegexOptions.None, 1000)]
    private static partial Regex NameShape();

    [GeneratedRegex(@"^[0-9a-f]{2}(:[0-9a-f]{2}){5}\z", RegexOptions.None, 1000)]
    private static partial Regex MacShape();
}
