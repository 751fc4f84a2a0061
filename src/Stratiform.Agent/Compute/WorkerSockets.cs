namespace Stratiform.Agent.Compute;

/// <summary>Where QEMU listens for the host's agent on behalf of the programs inside system VMs; a path has at most 108 bytes.</summary>
internal sealed class WorkerSockets(string folder)
{
    /// <summary>The channel's name inside.</summary>
    public const string Channel = "stratiform.worker.0";

    public string PathOf(Guid domainId) => Path.Combine(folder, $"{domainId}.sock");

    /// <summary>Whoever may enter can talk to workers: nobody but root, who also binds the sockets for QEMU.</summary>
    public void Prepare() =>
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>QEMU was handed its socket, so it leaves the name behind.</summary>
    public void Remove(Guid domainId)
    {
        if (Directory.Exists(folder)) File.Delete(PathOf(domainId));
    }
}
