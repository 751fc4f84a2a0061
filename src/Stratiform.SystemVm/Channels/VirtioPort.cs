namespace Stratiform.SystemVm.Channels;

/// <summary>Finds the device of a virtio-serial port by the name that the host gave it.</summary>
internal static class VirtioPort
{
    private const string Ports = "/sys/class/virtio-ports";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Opens it, as soon as it is there.</summary>
    public static async Task<Stream> OpenAsync(string name, TimeProvider time, CancellationToken ct)
    {
        while (true)
        {
            if (Find(name) is { } device) return new FileStream(device, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            await Task.Delay(Pause, time, ct);
        }
    }

    private static string? Find(string name) => !Directory.Exists(Ports) ? null : Directory.EnumerateDirectories(Ports)
        .Where(port => File.Exists(port + "/name") && File.ReadAllText(port + "/name").Trim() == name)
        .Select(port => "/dev/" + Path.GetFileName(port))
        .FirstOrDefault();
}
