using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Jobs.Commands;

/// <summary>How a job stands, and what it has to show.</summary>
[Command("Shows how an asynchronous job stands and, once it has ended, its result", AllowedTo.Everyone, Flat = true)]
internal sealed record QueryAsyncJobResult : IQuery<JobWire>
{
    [Description("The job")]
    public Guid? JobId { get; init; }

    [Description("Instead of jobid: the entity whose newest job is meant")]
    public Guid? ResourceId { get; init; }

    [Description("The kind of that entity: VirtualMachine, Volume …")]
    public string? ResourceType { get; init; }
}

internal sealed class QueryAsyncJobResultHandler(CloudDb db, IReadWire<JobWire> wire) : IHandle<QueryAsyncJobResult, JobWire>
{
    public async Task<JobWire> HandleAsync(QueryAsyncJobResult command, Caller caller, CancellationToken ct)
    {
        if ((command.JobId ?? command.ResourceId) is not { } named) throw Refusal.Missing(caller.Command, "jobid");
        var jobs = command.JobId is { } id
            ? db.JobsOf(caller).Where(job => job.Id == id)
            : db.JobsOf(caller).Where(job => job.InstanceId == command.ResourceId);
        if (command.ResourceType is { } kind) jobs = jobs.Where(job => job.InstanceKind == kind);
        var newest = await jobs.OrderByDescending(job => job.CreatedAt).ThenByDescending(job => job.Id).Select(job => (Guid?)job.Id).FirstOrDefaultAsync(ct)
            ?? throw Visibility.Unknown(caller, command.JobId is null ? nameof(command.ResourceId) : nameof(command.JobId), named);
        return (await wire.ReadAsync([newest], caller, ct))[0];
    }
}
