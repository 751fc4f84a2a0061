using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Stratiform.Agent.Fencing;

/// <summary>
/// Fences in a journal, one line for each step forward, on the disk before a call returns. A line that a crash cut short was
/// never promised to anyone and is dropped; opening rewrites the journal without what is superseded.
/// </summary>
public sealed class FileFenceStore : IFenceStore, IDisposable
{
    private const string Fence = "fence";
    private const string Release = "release";
    private readonly ConcurrentDictionary<string, long> _fences = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Thing, string> _owners = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly FileStream _lock;
    private readonly FileStream _journal;

    private FileFenceStore(string path)
    {
        // Two agents with one journal would each obey what the other has refused.
        _lock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (File.Exists(path)) Read(File.ReadAllText(path));
        Rewrite(path);
        _journal = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Opens or begins the journal.</summary>
    /// <exception cref="IOException">Another agent has it open.</exception>
    public static FileFenceStore Open(string path) => new(path);

    /// <inheritdoc/>
    public long FenceOf(string subject) => _fences.GetValueOrDefault(subject);

    /// <inheritdoc/>
    public string? OwnerOf(Thing thing) => _owners.GetValueOrDefault(thing);

    /// <inheritdoc/>
    public async ValueTask RecordAsync(string subject, long fence, Thing thing, CancellationToken ct)
    {
        await AppendAsync(FenceLine(subject, fence, thing.Name), ct);
        _fences[subject] = fence;
        _owners[thing] = subject;
    }

    /// <inheritdoc/>
    public async ValueTask ReleaseAsync(Thing thing, CancellationToken ct)
    {
        if (!_owners.ContainsKey(thing)) return;
        await AppendAsync($"{Release} {thing}\n", ct);
        _owners.TryRemove(thing, out _);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _journal.Dispose();
        _lock.Dispose();
        _turn.Dispose();
    }

    private static string FenceLine(string subject, long fence, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{Fence} {fence} {subject} {thing}\n");

    private async Task AppendAsync(string line, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            // Not to be cancelled half way: a line is written whole or its writer is dead.
            await _journal.WriteAsync(Encoding.UTF8.GetBytes(line), CancellationToken.None);
            _journal.Flush(flushToDisk: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Read(string journal)
    {
        foreach (var line in journal[..(journal.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split(' '))
            {
                case [Fence, var fence, var subject, var thing]:
                    _fences[subject] = long.Parse(fence, CultureInfo.InvariantCulture);
                    if (thing.Length > 0) _owners[new Thing(thing)] = subject;
                    break;
                case [Release, var thing]:
                    _owners.TryRemove(new Thing(thing), out _);
                    break;
                default:
                    throw new InvalidDataException($"The journal of fences has a line that nobody wrote: {line}");
            }
        }
    }

    private void Rewrite(string path)
    {
        var text = new StringBuilder();
        foreach (var (subject, fence) in _fences) text.Append(FenceLine(subject, fence, ""));
        foreach (var (thing, subject) in _owners) text.Append(FenceLine(subject, _fences[subject], thing.Name));
        var draft = path + ".new";
        using (var file = new FileStream(draft, FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes(text.ToString()));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }
}
