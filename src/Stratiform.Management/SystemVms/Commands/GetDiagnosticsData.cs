using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Settings;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>
/// Collects inside a router or another system VM what tells how it is, and gives a link to download it by. Keys, passwords and user data
/// are never among it.
/// </summary>
[Command("Collects what tells how a system VM is, to be downloaded", ShowsSecrets = true)]
internal sealed record GetDiagnosticsData : IAsyncCommand<DiagnosticsDataWire>
{
    [Description("The router or other system VM")]
    public required Guid TargetId { get; init; }

    [Description("What to collect, such as iptables or /etc/hosts, separated by commas; diagnostics.data.router.defaults or diagnostics.data.systemvm.defaults unless said")]
    public IReadOnlyList<string>? Files { get; init; }
}

internal sealed class GetDiagnosticsDataHandler(CloudDb db, LiveSettings settings, WorkflowQueue queue) : IHandle<GetDiagnosticsData, JobTicket>
{
    public async Task<JobTicket> HandleAsync(GetDiagnosticsData command, Caller caller, CancellationToken ct)
    {
        var router = await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == new Id<Router>(command.TargetId), ct);
        if (router is not null) router.RequireState("collect in", VmState.Running);
        else (await db.FindAsync(caller, new Id<SystemVm>(command.TargetId), ct, "targetid")).RequireState("collect in", VmState.Running);
        var known = router is null ? ReadDiagnosticsData.OfAll : ReadDiagnosticsData.OfRouters;
        var parts = command.Files is { Count: > 0 } named ? [.. named.Distinct()]
            : DiagnosticsSettings.Split(settings.Get(router is null ? DiagnosticsSettings.OfOthers : DiagnosticsSettings.OfRouters));
        if (parts.Except(known).FirstOrDefault() is { } bad)
            throw Refusal.Parameter($"{bad} is not collected there; files can be {string.Join(", ", known)}.");
        return new(queue.Enqueue(CollectDiagnostics.In(command.TargetId, parts), caller.Asks).Id);
    }
}
