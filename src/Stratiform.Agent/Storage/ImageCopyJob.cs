using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>
/// The copy of one image to a pool. Its process only moves bytes and adds them up; whether they are welcome is decided here, before
/// the copy gets its name.
/// </summary>
internal sealed class ImageCopyJob(string folder, string target)
{
    // A short copy is told to be done when it is, and not when it is asked about next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly DetachedJob _job = new(folder);
    private readonly string _part = target + ".partial";

    /// <summary>Where the copy's own checksum lies beside it.</summary>
    public string ChecksumFile => target + ".checksum";

    /// <summary>The copy's own checksum once it is whole; empty for one that nobody added up.</summary>
    public string Checksum => File.Exists(ChecksumFile) ? File.ReadAllText(ChecksumFile) : "";

    public bool Exists => _job.Exists;

    /// <summary>Begins the copy, or tells how far it is, or ends it: done with the image in its place, or failed without.</summary>
    public async Task<ImageProgress> AdvanceAsync(EnsureImage image, Uri url, bool isTrial, CancellationToken ct)
    {
        if (!Exists)
        {
            await StartAsync(image, url, isTrial, ct);
            return ImageProgresses.Running(0);
        }
        await _job.AwaitEndAsync(Patience, ct);
        if (!_job.HasEnded)
        {
            if (_job.IsAlive()) return ImageProgresses.Running(Percent(url));
            Remove();
            return ImageProgresses.Failed(new HostError(HostErrorCode.Failed, "The copy was interrupted: its process is gone."));
        }
        if (Refusal(image) is { } refusal)
        {
            Remove();
            return ImageProgresses.Failed(refusal);
        }
        DurableFile.Write(ChecksumFile, await File.ReadAllTextAsync(_job.PathOf("checksum"), ct));
        File.SetUnixFileMode(_part, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(_part, target);
        Remove();
        var info = await ImageFolder.ReadAsync(target, ct);
        return ImageProgresses.Done(info.VirtualSizeBytes, info.ActualSizeBytes, Checksum);
    }

    /// <summary>Ends the copy and removes what it left.</summary>
    public void Remove()
    {
        _job.Kill();
        foreach (var left in new[] { _part, Fetcher.OriginOf(_part), _part + ".plain" }) File.Delete(left);
        _job.Forget();
    }

    private async Task StartAsync(EnsureImage image, Uri url, bool isTrial, CancellationToken ct)
    {
        _job.Prepare();
        var order = new FetchOrder(ImageOrder.Of(image, url, _part) with { IsTrial = isTrial }, _job.PathOf("checksum"));
        DurableFile.Write(_job.PathOf("order"), JsonSerializer.Serialize(order, OrderJson.Default.FetchOrder));
        await _job.StartAsync("image-copy", ["fetch", _job.PathOf("order")], ct);
    }

    private HostError? Refusal(EnsureImage image)
    {
        var result = _job.Result;
        return result == 0 ? null : ImageSource.Explain(image, new((FetchEnd)result, _job.Complaint), "pool");
    }

    private int Percent(Uri url)
    {
        var total = url.IsFile && File.Exists(url.LocalPath) ? new FileInfo(url.LocalPath).Length : Fetcher.TotalOf(_part) ?? 0;
        var part = new FileInfo(_part);
        return total > 0 && part.Exists ? (int)Math.Min(99, 100 * part.Length / total) : 0;
    }
}
