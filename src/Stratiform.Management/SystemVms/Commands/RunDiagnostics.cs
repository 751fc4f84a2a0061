using System.ComponentModel;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.SystemVms.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>Probes the network from inside a router or another system VM.</summary>
[Command("Probes the network from inside a system VM")]
internal sealed record RunDiagnostics : IAsyncCommand<DiagnosticsWire>
{
    [Description("The router or other system VM")]
    public required Guid TargetId { get; init; }

    [Description("The address to probe")]
    public required string IpAddress { get; init; }

    [Description("ping, traceroute or arping")]
    public required string Type { get; init; }

    [Description("Options of the probing program, such as -c 3")]
    public string? Params { get; init; }
}

internal sealed class RunDiagnosticsHandler(CloudDb db, WorkflowQueue queue) : IHandle<RunDiagnostics, JobTicket>
{
    private const int MostOptions = 20;

    public async Task<JobTicket> HandleAsync(RunDiagnostics command, Caller caller, CancellationToken ct)
    {
        await RequireRunningAsync(command.TargetId, caller, ct);
        if (!IPAddress.TryParse(command.IpAddress, out var address)) throw Refusal.Parameter($"ipaddress {command.IpAddress} is no address; names are not looked up.");
        if (!Enum.TryParse<NetworkProbe>(command.Type, ignoreCase: true, out var probe) || !Enum.IsDefined(probe) || int.TryParse(command.Type, out _))
            throw Refusal.Parameter($"type {command.Type} is unknown; use ping, traceroute or arping.");
        var options = (command.Params ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (options.Length > MostOptions) throw Refusal.Parameter($"params has {options.Length} words, of which {MostOptions} are allowed.");
        if (options.FirstOrDefault(o => !ReadDiagnosis.IsOption(o)) is { } bad)
            throw Refusal.Parameter($"params {bad} is not an option; options are flags such as -c, numbers and names of cards.");
        return new(queue.Enqueue(Diagnose.From(command.TargetId, new(probe, address.ToString(), options)), caller.Asks).Id);
    }

    private async Task RequireRunningAsync(Guid id, Caller caller, CancellationToken ct)
    {
        if (await db.Set<Router>().SingleOrDefaultAsync(r => r.Id == new Id<Router>(id), ct) is { } router) router.RequireState("probe from", VmState.Running);
        else (await db.FindAsync(caller, new Id<SystemVm>(id), ct, "targetid")).RequireState("probe from", VmState.Running);
    }
}
