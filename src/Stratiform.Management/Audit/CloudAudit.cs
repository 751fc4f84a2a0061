using Stratiform.Management.Images;

namespace Stratiform.Management.Audit;

/// <summary>
/// Looks for what operations left behind. Hosts and database cannot be read at one instant, so what begins or ends meanwhile
/// would look like a leak: what is unfinished before or after counts as in progress, and a leak counts when a second look,
/// a moment later, finds it again.
/// </summary>
internal sealed class CloudAudit(
    UnfinishedWork work, Inventories inventories, StoreContents storeContents, HostsAudit hosts, StoresAudit stores, DatabaseAudit database, TimeProvider clock)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async Task<AuditWire> LookAsync(CancellationToken ct)
    {
        var found = await LookOnceAsync(ct);
        if (found.Leaks.Count == 0) return Shape(found, found.Leaks);
        await Task.Delay(Moment, clock, ct);
        var again = await LookOnceAsync(ct);
        return Shape(again, [.. again.Leaks.Intersect(found.Leaks)]);
    }

    private async Task<Findings> LookOnceAsync(CancellationToken ct)
    {
        var unfinished = await work.ReadAsync(except: null, ct);
        var answers = await inventories.ReadAsync(ct);
        var contents = await storeContents.ReadAsync(ct);
        unfinished.UnionWith(await work.ReadAsync(except: null, ct));
        var findings = new Findings(unfinished);
        await hosts.CompareAsync(answers, findings, ct);
        await stores.CompareAsync(contents, findings, ct);
        await database.CompareAsync(findings, ct);
        return findings;
    }

    private static AuditWire Shape(Findings findings, IReadOnlyList<FindingWire> leaks) => new()
    {
        Checked = findings.Checked,
        Leaks = leaks,
        InProgress = findings.InProgress,
        Unreadable = findings.Unreadable,
    };
}
