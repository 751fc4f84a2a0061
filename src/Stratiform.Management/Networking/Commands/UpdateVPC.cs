using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Changes what a VPC is called, and by which address its guests go out.</summary>
[Command("Updates a VPC", AllowedTo.Everyone)]
internal sealed record UpdateVPC : IAsyncCommand<VpcWire>
{
    [Description("The VPC")]
    public required Id<Vpc> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("A new text for people")]
    public string? DisplayText { get; init; }

    [Description("The public address that its guests go out by from now on, which was acquired for it before")]
    public string? SourceNatIpAddress { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes")]
    public int? PublicMtu { get; init; }
}

internal sealed class UpdateVPCHandler(CloudDb db, LiveSettings settings, WorkflowQueue queue) : IHandle<UpdateVPC, JobTicket>
{
    public async Task<JobTicket> HandleAsync(UpdateVPC command, Caller caller, CancellationToken ct)
    {
        var vpc = await db.FindVisibleAsync(caller, command.Id, ct);
        var choice = await db.ChooseSourceNatAsync(GoesOut.Of(vpc), command.SourceNatIpAddress, ct);
        var mtu = Mtus.Public(settings, caller, command.PublicMtu);
        vpc.Name = command.Name ?? vpc.Name;
        vpc.DisplayText = command.DisplayText ?? vpc.DisplayText;
        return new(choice is null && mtu is null ? queue.RecordDone(caller.Asks, nameof(Vpc), vpc.Id.Value).Id : queue.Enqueue(ChangeVpc.For(vpc, choice, mtu), caller.Asks).Id);
    }
}
