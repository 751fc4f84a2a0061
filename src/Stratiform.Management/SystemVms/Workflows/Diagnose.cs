using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Workflows;

/// <summary>Lets a running router or other system VM probe the network, and tells what it showed.</summary>
public sealed class Diagnose(CloudDb db, Hosts hosts) : Workflow<Diagnose.Memory>
{
    /// <summary>How to probe.</summary>
    /// <param name="Kind">By which program.</param>
    /// <param name="Address">What.</param>
    /// <param name="Options">The program's options.</param>
    public sealed record Probe(NetworkProbe Kind, string Address, IReadOnlyList<string> Options);

    /// <summary>What the steps remember.</summary>
    /// <param name="DomainId">The router or other system VM.</param>
    /// <param name="Probe">How to probe.</param>
    public sealed record Memory(Guid DomainId, Probe Probe);

    public static Order<Diagnose> From(Guid domain, Probe probe) => new()
    {
        State = new Memory(domain, probe),
        // No subjects: it changes nothing.
        InstanceKind = "SystemVm",
        InstanceId = domain,
    };

    protected override void Define(Plan plan) => plan.Do(ProbeNetwork);

    private async Task ProbeNetwork(CancellationToken ct)
    {
        var host = await HostAsync(ct) ?? throw Api.Refusal.Parameter("The system VM was stopped meanwhile.");
        var (kind, address, options) = State.Probe;
        var found = await hosts.ReadAsync(host, new ReadDiagnosis { DomainId = State.DomainId, Probe = kind, Address = address, Options = options }, ct);
        Row.Result = JsonSerializer.Serialize(new
        {
            stdout = found.Output,
            stderr = found.Errors,
            exitcode = found.ExitCode.ToString(CultureInfo.InvariantCulture),
        });
    }

    private async Task<Id<Host>?> HostAsync(CancellationToken ct) =>
        await db.Set<Router>().Where(r => r.Id == new Id<Router>(State.DomainId) && r.State == VmState.Running).Select(r => r.HostId).SingleOrDefaultAsync(ct)
        ?? await db.Set<SystemVm>().Where(v => v.Id == new Id<SystemVm>(State.DomainId) && v.State == VmState.Running).Select(v => v.HostId).SingleOrDefaultAsync(ct);
}
