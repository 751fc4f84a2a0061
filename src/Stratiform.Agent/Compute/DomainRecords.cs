using System.Collections.Concurrent;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>What is known of a domain beyond what libvirt keeps.</summary>
/// <param name="BootId">The boot of the host that it was started in.</param>
/// <param name="Spec">What it was made of.</param>
/// <param name="Ending">How it ended, once that was seen; libvirtd forgets it when it restarts.</param>
internal sealed record DomainRecord(string BootId, DomainSpec Spec, PowerState? Ending = null);

/// <summary>One file for each domain of this host. Those of an earlier boot are of domains that are gone.</summary>
internal sealed class DomainRecords
{
    private readonly ConcurrentDictionary<Guid, DomainRecord> _records = new();
    private readonly Lock _writing = new();
    private readonly string _folder;

    public DomainRecords(string folder, string bootId)
    {
        Directory.CreateDirectory(_folder = folder);
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            var record = JsonSerializer.Deserialize<DomainRecord>(File.ReadAllText(file), ProtocolJson.Options)!;
            if (record.BootId == bootId) _records[record.Spec.Id] = record;
            else Remains.Add(record.Spec.Id);
        }
    }

    /// <summary>Domains of an earlier boot that libvirt may still know.</summary>
    public List<Guid> Remains { get; } = [];

    public IReadOnlyCollection<DomainRecord> All => [.. _records.Values];

    public DomainRecord? Find(Guid id) => _records.GetValueOrDefault(id);

    public void Keep(DomainRecord record)
    {
        lock (_writing) Write(record);
    }

    /// <summary>Notes how a domain ended, unless its record is another by now: several look at once, and one may be removing it.</summary>
    public void Conclude(DomainRecord record, PowerState ending)
    {
        lock (_writing)
        {
            if (ReferenceEquals(Find(record.Spec.Id), record)) Write(record with { Ending = ending });
        }
    }

    public void Forget(Guid id)
    {
        lock (_writing)
        {
            File.Delete(PathOf(id));
            _records.TryRemove(id, out _);
        }
    }

    private void Write(DomainRecord record)
    {
        DurableFile.Write(PathOf(record.Spec.Id), JsonSerializer.Serialize(record, ProtocolJson.Options));
        _records[record.Spec.Id] = record;
    }

    private string PathOf(Guid id) => Path.Combine(_folder, $"{id}.json");
}
