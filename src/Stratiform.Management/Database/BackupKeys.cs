using System.Formats.Tar;
using System.Text;

namespace Stratiform.Management.Database;

/// <summary>Finds the keys that a backup needs: here, or beside it.</summary>
internal static class BackupKeys
{
    /// <summary>The files to put in place, by name: those that are missing here, and the master key if another one is here.</summary>
    /// <exception cref="OperatorException">The master key of the backup's secrets is neither here nor there.</exception>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ChooseAsync(
        IReadOnlyDictionary<string, string> here, string there, string? keyId, CancellationToken ct)
    {
        var found = File.Exists(there) ? await UnpackAsync(there, ct) : [];
        var chosen = found.Where(key => here.TryGetValue(key.Key, out var path) && !File.Exists(path)).ToDictionary();
        if (keyId is null || !here.TryGetValue(BackupSubject.MasterKeyName, out var master)) return chosen;
        if (File.Exists(master) && MasterKey.Read(master).Any(key => key.Id == keyId)) return chosen;
        if (!found.TryGetValue(BackupSubject.MasterKeyName, out var backedUp) || !Holds(backedUp, keyId))
            throw new OperatorException($"The backup's secrets are under master key {keyId}, which neither {master} nor {there} holds. "
                + "Put the key file of that cloud in one of these places.");
        chosen[BackupSubject.MasterKeyName] = backedUp;
        return chosen;
    }

    /// <summary>Puts keys in place; one that is in the way is kept beside.</summary>
    public static void Put(IReadOnlyDictionary<string, byte[]> keys, IReadOnlyDictionary<string, string> here, Action<string> progress)
    {
        foreach (var (name, content) in keys)
        {
            if (File.Exists(here[name]))
            {
                File.Move(here[name], here[name] + ".replaced", overwrite: true);
                progress($"Moved the present key to {here[name]}.replaced.");
            }
            MasterKey.TryWrite(here[name], content);
            progress($"Restored {here[name]}.");
        }
    }

    private static bool Holds(byte[] file, string keyId) =>
        MasterKey.Parse(Encoding.ASCII.GetString(file).Split('\n')).Any(key => key?.Id == keyId);

    private static async Task<Dictionary<string, byte[]>> UnpackAsync(string file, CancellationToken ct)
    {
        Dictionary<string, byte[]> keys = [];
        await using var input = File.OpenRead(file);
        await using var tar = new TarReader(input);
        while (await tar.GetNextEntryAsync(cancellationToken: ct) is { } entry)
        {
            using var content = new MemoryStream();
            if (entry.DataStream is { } data) await data.CopyToAsync(content, ct);
            keys[entry.Name] = content.ToArray();
        }
        return keys;
    }
}
