using System.Globalization;
using System.Text.Json;
using Stratiform.Management.Agents;
using Stratiform.Management.Database;
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
    /// <param name="SystemVmId">The router or other system VM.</param>
    /// <param name="Probe">How to probe.</param>
    public sealed record Memory(Guid SystemVmId, Probe Probe);

    public static Order<Diagnose> From(Guid systemVm, Probe probe) => new()
    {
        State = new Memory(systemVm, probe),
        // No subjects: it changes nothing.
        InstanceKind = "SystemVm",
        InstanceId = systemVm,
    };

    protected override void Define(Plan plan) => plan.Do(ProbeNetwork);

    private async Task ProbeNetwork(CancellationToken ct)
    {
        var (host, domain, _) = await SystemVmPlaces.OfRunningAsync(db, State.SystemVmId, ct) ?? throw Api.Refusal.Parameter("The system VM was stopped meanwhile.");
        var (kind, address, options) = State.Probe;
        var found = await hosts.ReadAsync(host, new ReadDiagnosis { DomainId = domain, Probe = kind, Address = address, Options = options }, ct);
        Row.Result = JsonSerializer.Serialize(new
        {
            stdout = found.Output,
            stderr = found.Errors,
            exitcode = found.ExitCode.ToString(CultureInfo.InvariantCulture),
        });
    }
}
