using System.Net;
using System.Net.Sockets;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>Shares by the kernel's NFS client, version 4, without a mount helper.</summary>
internal sealed class NfsMounts : IMounts
{
    // A server that is silent for a minute (15 s and three times more) is an error instead of a program that hangs for ever: every
    // image is whole on the disk and added up before it gets its name, so no write that failed can go unnoticed.
    // What other workers add and remove is seen within seconds.
    private const string Options =
        "nosuid,nodev,noexec,noatime,softerr,timeo=150,retrans=3,lookupcache=positive,acdirmin=1,acdirmax=3,rsize=1048576,wsize=1048576";

    private static readonly string[] Versions = ["4.2", "4.1", "4.0"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async Task EnsureAsync(NfsShare share, string folder, CancellationToken ct)
    {
        var address = await AddressOfAsync(share, ct);
        var source = $"{address}:{share.Path}";
        if (MountedAt(folder) is { } mounted)
        {
            if (mounted == source && await AnswersAsync(share, folder, ct)) return;
            await UnmountAsync(folder, ct);
        }
        Directory.CreateDirectory(folder);
        await MountAsync(address, source, folder, ct);
    }

    /// <inheritdoc/>
    public async Task EnsureAbsentAsync(string folder, CancellationToken ct)
    {
        if (MountedAt(folder) is not null) await UnmountAsync(folder, ct);
        if (Directory.Exists(folder)) Directory.Delete(folder);
    }

    private static async Task MountAsync(IPAddress address, string source, string folder, CancellationToken ct)
    {
        var said = "";
        foreach (var version in Versions)
        {
            var options = $"{Options},vers={version},addr={address},clientaddr={OwnAddressTo(address)}";
            var ended = await TryMountAsync(["-t", "nfs4", "-o", options, source, folder], source, ct);
            if (ended.ExitCode == 0) return;
            said = ended.Errors.Trim();
            if (!said.Contains("rotocol not supported", StringComparison.Ordinal)) break;
        }
        throw new HostException(HostErrorCode.Busy, $"{source} cannot be mounted: {said.Split(": ")[^1]}.");
    }

    private static async Task<ShellResult> TryMountAsync(IEnumerable<string> arguments, string source, CancellationToken ct)
    {
        try
        {
            return await Shell.TryRunAsync("mount", arguments, Limit, ct);
        }
        catch (ShellException silent)
        {
            throw new HostException(HostErrorCode.Busy, $"{source} cannot be mounted: {silent.Message}");
        }
    }

    // Lazily, since what uses it may hang; what is open stays so until then.
    private static async Task UnmountAsync(string folder, CancellationToken ct) =>
        await Shell.RunAsync("umount", ["-l", folder], Limit, ct);

    // A server that was set up anew no longer knows what was mounted from it; one that is silent may come back.
    private static async Task<bool> AnswersAsync(NfsShare share, string folder, CancellationToken ct)
    {
        try
        {
            return await Task.Run(() => new DriveInfo(folder).TotalSize > 0, ct).WaitAsync(Limit, ct);
        }
        catch (IOException)
        {
            return false;
        }
        catch (TimeoutException)
        {
            throw new HostException(HostErrorCode.Busy, $"{share.Server} does not answer.");
        }
    }

    private static string? MountedAt(string folder) => File.ReadLines("/proc/self/mounts")
        .Select(line => line.Split(' '))
        .LastOrDefault(words => words[1] == folder)?[0].Replace("\\040", " ", StringComparison.Ordinal);

    private static async Task<IPAddress> AddressOfAsync(NfsShare share, CancellationToken ct)
    {
        try
        {
            return (await Dns.GetHostAddressesAsync(share.Server, AddressFamily.InterNetwork, ct))[0];
        }
        catch (SocketException unknown)
        {
            throw new HostException(HostErrorCode.Busy, $"The server {share.Server} is not known: {unknown.Message}.");
        }
    }

    private static IPAddress OwnAddressTo(IPAddress server)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Connect(server, 2049);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException unreachable)
        {
            throw new HostException(HostErrorCode.Busy, $"There is no way to {server}: {unreachable.Message}.");
        }
    }
}
