using System.ComponentModel;
using System.Text.Json.Nodes;
using Stratiform.Management.Api;

namespace Stratiform.Management.Jobs;

/// <summary>An asynchronous job on the wire: a workflow as whoever asked for it sees it.</summary>
[WireName("asyncjobs")]
internal sealed record JobWire
{
    [Description("The job")]
    public required Guid JobId { get; init; }

    [Description("0 running, 1 succeeded, 2 failed")]
    public required int JobStatus { get; init; }

    [Description("Always 0; older clients expect it")]
    public int JobProcStatus { get; init; }

    [Description("0, or the error's code")]
    public required int JobResultCode { get; init; }

    [Description("object, once there is a result")]
    public string? JobResultType { get; init; }

    [Description("The entity as the job left it under its own name, or the error")]
    public JsonObject? JobResult { get; init; }

    [Description("The kind of entity the job is about")]
    public string? JobInstanceType { get; init; }

    [Description("The entity the job is about")]
    public Guid? JobInstanceId { get; init; }

    [Description("How far it is: 3 of 7: ChooseHost")]
    public string? JobProgress { get; init; }

    [Description("How far it is, from 0 to 100")]
    public int? JobPercent { get; init; }

    [Description("The command that asked for it")]
    public required string Cmd { get; init; }

    [Description("The user who asked for it")]
    public required Guid UserId { get; init; }

    [Description("The account on whose behalf it runs")]
    public required Guid AccountId { get; init; }

    [Description("That account's name")]
    public string? Account { get; init; }

    [Description("That account's domain")]
    public required Guid DomainId { get; init; }

    [Description("That domain's path")]
    public string? DomainPath { get; init; }

    [Description("When it was asked for")]
    public required DateTimeOffset Created { get; init; }

    [Description("When it ended")]
    public DateTimeOffset? Completed { get; init; }
}
