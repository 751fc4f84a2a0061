using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers;

namespace Stratiform.Agent.Storage;

/// <summary>
/// The sending of one volume to a worker. What is sent lies beside the volume under a name of its own for each attempt, so that hosts
/// which share a pool never write the same file; the process removes it, and so does whoever ends the process.
/// </summary>
/// <param name="folder">What is remembered of it on this host.</param>
/// <param name="volume">The volume's file.</param>
internal sealed class VolumeSending(string folder, string volume)
{
    private const string PartSuffix = ".flat";
    private readonly DetachedJob _job = new(folder);

    /// <summary>Begins to send, or tells how far it is or how it ended. What failed is forgotten.</summary>
    /// <param name="wanted">The attempt.</param>
    /// <param name="bytes">What it will take on the pool, about.</param>
    /// <param name="ct">Gives up the call, not the job.</param>
    public async Task<SendProgress> AdvanceAsync(EnsureVolumeSent wanted, long bytes, CancellationToken ct)
    {
        var part = PartOf(wanted.AttemptId);
        if (!IsAbout(wanted.AttemptId))
        {
            Remove();
            await StartAsync(wanted, part, ct);
            return new(HostWorkState.Running, 0);
        }
        if (!_job.HasEnded)
        {
            if (_job.IsAlive()) return new(HostWorkState.Running, Percent(part, bytes));
            Remove();
            return Failed(new(HostErrorCode.Busy, "The sending was interrupted: its process is gone."));
        }
        if (_job.Result == 0) return new(HostWorkState.Done, 100);
        var error = Explain(wanted, new((FetchEnd)_job.Result, _job.Complaint));
        Remove();
        return Failed(error);
    }

    /// <summary>Whether this attempt has begun.</summary>
    public bool IsAbout(Guid attempt) => _job.Exists && Attempt() == attempt;

    /// <summary>Ends it and removes what it left, also what other hosts did.</summary>
    public void Remove()
    {
        _job.Kill();
        foreach (var left in Directory.EnumerateFiles(Path.GetDirectoryName(volume)!, Path.GetFileNameWithoutExtension(volume) + ".*" + PartSuffix))
            File.Delete(left);
        _job.Forget();
    }

    /// <summary>Forgets one that the host did not survive; by now another host may send the volume.</summary>
    public void RemoveIfDead()
    {
        if (!_job.Exists || _job.HasEnded || _job.IsAlive()) return;
        if (Attempt() is { } attempt) File.Delete(PartOf(attempt));
        _job.Forget();
    }

    private async Task StartAsync(EnsureVolumeSent wanted, string part, CancellationToken ct)
    {
        _job.Prepare();
        DurableFile.Write(_job.PathOf("order"), JsonSerializer.Serialize(new SendOrder(volume, part, wanted), OrderJson.Default.SendOrder));
        await _job.StartAsync("volume-send", ["send", _job.PathOf("order")], ct);
    }

    // One whose order was not written whole never began.
    private Guid? Attempt() => File.Exists(_job.PathOf("order"))
        ? JsonSerializer.Deserialize(File.ReadAllText(_job.PathOf("order")), OrderJson.Default.SendOrder)!.To.AttemptId
        : null;

    // How much has been sent is for the worker to say.
    private static int Percent(string part, long bytes) =>
        new FileInfo(part) is { Exists: true } made ? (int)Math.Min(50, 50 * made.Length / Math.Max(1, bytes)) : 0;

    private static SendProgress Failed(HostError error) => new(HostWorkState.Failed, 0, error);

    private static HostError Explain(EnsureVolumeSent wanted, FetchOutcome outcome) => outcome.End switch
    {
        FetchEnd.NoSpace => VolumeRefusals.NoRoomToSend(wanted.PoolId, wanted.VolumeId),
        FetchEnd.Corrupt => new(HostErrorCode.Corrupt, $"The volume {wanted.VolumeId} cannot be read: {outcome.Text}."),
        _ => new(HostErrorCode.Busy, $"The volume {wanted.VolumeId} was not taken: {outcome.Text}."),
    };

    private string PartOf(Guid attempt) => Path.Combine(Path.GetDirectoryName(volume)!, $"{Path.GetFileNameWithoutExtension(volume)}.{attempt}{PartSuffix}");
}
