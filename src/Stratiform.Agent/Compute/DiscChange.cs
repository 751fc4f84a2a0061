using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>Changes the disc in a running domain's drive: the door opens, the disc changes, the door closes.</summary>
internal sealed class DiscChange(Libvirt libvirt, DomainSpec domain, Disc? disc, bool forced)
{
    private const int Tries = 10;

    /// <summary>The drive holds the disc, or nothing.</summary>
    /// <exception cref="LibvirtException">It cannot be changed.</exception>
    /// <exception cref="HostException">The guest keeps the drive shut.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            var done = Drive.Holds(await libvirt.XmlAsync(domain.Id, ct), disc);
            for (var left = Tries; !done; left--) done = await TryAsync(mayFail: left > 1, ct);
        }
        catch (LibvirtException shut) when (!forced && shut.Message.Contains("tray", StringComparison.Ordinal))
        {
            throw Drive.IsShut(domain);
        }
    }

    // A guest that boots meanwhile resets its drive, which shuts it, and libvirt does not learn of that: it is opened behind its back.
    private async Task<bool> TryAsync(bool mayFail, CancellationToken ct)
    {
        try
        {
            await libvirt.UpdateDeviceAsync(domain.Id, Drive.Write(disc).ToString(), forced, ct);
            return true;
        }
        catch (LibvirtException closed) when (mayFail && closed.Message.Contains("is not open", StringComparison.Ordinal))
        {
            await libvirt.AskMonitorAsync(domain.Id, Drive.OpenCommand(await libvirt.XmlAsync(domain.Id, ct)), ct);
            return false;
        }
    }
}
