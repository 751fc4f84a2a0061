using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>Collects inside a running router or other system VM what tells how it is, in place of what was collected there before.</summary>
public sealed class CollectDiagnostics(CloudDb db, Hosts hosts, Secrets secrets, LiveSettings settings, TimeProvider clock)
    : Workflow<CollectDiagnostics.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="SystemVmId">The router or other system VM.</param>
    /// <param name="Parts">What to collect.</param>
    public sealed record Memory(Guid SystemVmId, IReadOnlyList<string> Parts);

    public static Order<CollectDiagnostics> In(Guid systemVm, IReadOnlyList<string> parts) => new()
    {
        State = new Memory(systemVm, parts),
        // No subjects: it changes nothing in the system VM.
        InstanceKind = "SystemVm",
        InstanceId = systemVm,
    };

    protected override void Define(Plan plan) => plan.Do(Collect);

    // The link is in the job's result only, wrapped: what is collected and how to get it are saved together.
    private async Task Collect(CancellationToken ct)
    {
        var (host, domain, name) = await SystemVmPlaces.OfRunningAsync(db, State.SystemVmId, ct) ?? throw Api.Refusal.Parameter("The system VM was stopped meanwhile.");
        var found = await hosts.ReadAsync(host, new ReadDiagnosticsData { DomainId = domain, Parts = State.Parts }, ct);
        var local = await db.Set<Region>().SingleAsync(r => r.Id == Region.Local, ct);
        var (secret, now) = (DiagnosticsFile.NewSecret(), clock.GetUtcNow());
        db.RemoveRange(await db.Set<DiagnosticsFile>().Where(f => f.SystemVmId == State.SystemVmId).ToListAsync(ct));
        var file = string.Create(CultureInfo.InvariantCulture, $"diagnostics-{name}-{now:yyyyMMdd-HHmmss}.tar.gz");
        db.Add(new DiagnosticsFile(State.SystemVmId, file, found.Packed, secret, now, TimeSpan.FromSeconds(settings.Get(DiagnosticsSettings.AgeSeconds))));
        Row.Result = JobSecrets.Result("url", secrets.Wrap(DiagnosticsDownloads.LinkOf(local, secret).AbsoluteUri));
    }
}
