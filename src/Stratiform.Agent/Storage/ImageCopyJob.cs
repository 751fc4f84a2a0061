using System.Globalization;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>
/// The copy of one image to a pool: a process in a session of its own, which a restart of the agent does not touch, and a folder
/// where it leaves how it ended. It only moves bytes and adds them up; whether they are welcome is decided here, before the
/// copy gets its name.
/// </summary>
internal sealed class ImageCopyJob(string folder, string target)
{
    /// <summary>Arguments: folder, and the command that does the work.</summary>
    private const string Script = """
        cd "$1" || exit
        shift
        "$@" 2>errors
        echo $? >ended.new
        mv ended.new ended
        """;

    private readonly string _part = target + ".partial";

    /// <summary>Where the copy's own checksum lies beside it.</summary>
    public string ChecksumFile => target + ".checksum";

    /// <summary>The copy's own checksum once it is whole; empty for one that nobody added up.</summary>
    public string Checksum => File.Exists(ChecksumFile) ? File.ReadAllText(ChecksumFile) : "";

    public bool Exists => Directory.Exists(folder);

    /// <summary>Begins the copy, or tells how far it is, or ends it: done with the image in its place, or failed without.</summary>
    public async Task<ImageProgress> AdvanceAsync(EnsureImage image, Uri url, CancellationToken ct)
    {
        if (!Exists)
        {
            await StartAsync(image, url, ct);
            return ImageProgresses.Running(0);
        }
        if (!File.Exists(PathOf("ended")))
        {
            if (IsAlive()) return ImageProgresses.Running(Percent(url));
            Remove();
            return ImageProgresses.Failed(new HostError(HostErrorCode.Failed, "The copy was interrupted: its process is gone."));
        }
        if (Refusal(image) is { } refusal)
        {
            Remove();
            return ImageProgresses.Failed(refusal);
        }
        DurableFile.Write(ChecksumFile, await File.ReadAllTextAsync(PathOf("checksum"), ct));
        File.SetUnixFileMode(_part, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(_part, target);
        Remove();
        var info = await ImageFolder.ReadAsync(target, ct);
        return ImageProgresses.Done(info.VirtualSizeBytes, info.ActualSizeBytes, Checksum);
    }

    /// <summary>Ends the copy and removes what it left.</summary>
    public void Remove()
    {
        if (Exists && IsAlive()) Signals.KillSession(Pid());
        foreach (var left in new[] { _part, Fetcher.OriginOf(_part), _part + ".plain" }) File.Delete(left);
        if (Exists) Directory.Delete(folder, recursive: true);
    }

    private async Task StartAsync(EnsureImage image, Uri url, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var order = new FetchOrder(ImageOrder.Of(image, url, _part), PathOf("checksum"));
        DurableFile.Write(PathOf("order"), JsonSerializer.Serialize(order, ProtocolJson.Options));
        // The shell in front gives up the pipes that the agent would wait for, and the session is the copy's own.
        await Shell.RunAsync("sh",
        [
            "-c", "setsid sh -c \"$@\" </dev/null >/dev/null 2>&1 & echo $! >\"$3/pid\"", "sh",
            Script, "image-copy", folder, .. FetchCommand.Program, "fetch", PathOf("order"),
        ], ct: ct);
    }

    private HostError? Refusal(EnsureImage image)
    {
        var result = int.Parse(File.ReadAllText(PathOf("ended")), CultureInfo.InvariantCulture);
        if (result == 0) return null;
        var said = File.ReadLines(PathOf("errors")).FirstOrDefault("it ended with no word");
        return ImageSource.Explain(image, new((FetchEnd)result, said), "pool");
    }

    private int Percent(Uri url)
    {
        var total = url.IsFile && File.Exists(url.LocalPath) ? new FileInfo(url.LocalPath).Length : Fetcher.TotalOf(_part) ?? 0;
        var part = new FileInfo(_part);
        return total > 0 && part.Exists ? (int)Math.Min(99, 100 * part.Length / total) : 0;
    }

    // The number alone proves nothing: another process may have it since.
    private bool IsAlive()
    {
        try
        {
            return Pid() is var pid && pid > 0 && File.ReadAllText($"/proc/{pid}/cmdline").Contains(folder, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private int Pid() => File.Exists(PathOf("pid"))
        && int.TryParse(File.ReadAllText(PathOf("pid")), CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    private string PathOf(string name) => Path.Combine(folder, name);
}
