using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Puts an ISO into a virtual machine's drive.</summary>
[Command("Attaches an ISO to a virtual machine", AllowedTo.Everyone)]
internal sealed record AttachIso : IAsyncCommand<VirtualMachineWire>
{
    [Description("The ISO")]
    public required Id<Template> Id { get; init; }

    [Description("The virtual machine")]
    public required Id<VirtualMachine> VirtualMachineId { get; init; }

    [Description("True takes another ISO out first, even if the guest keeps its drive shut")]
    public bool? Forced { get; init; }
}

internal sealed class AttachIsoHandler(CloudDb db, WorkflowQueue queue) : IHandle<AttachIso, JobTicket>
{
    public async Task<JobTicket> HandleAsync(AttachIso command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.VirtualMachineId, ct);
        var iso = await db.FindUsableAsync(caller, command.Id, ct, nameof(command.Id));
        if (!iso.IsIso) throw Visibility.Unknown(caller, nameof(command.Id), iso.Id);
        if (iso.State != TemplateState.Ready) throw Refusal.Parameter($"The ISO {iso.Name} is not ready yet; try again when it is.");
        if (iso.ZoneId != vm.ZoneId) throw Refusal.Parameter($"The ISO {iso.Name} is not in the virtual machine's zone; register it there.");
        vm.RequireRoomFor(iso.Id, command.Forced == true);
        return new(queue.Enqueue(Workflows.AttachIso.For(vm, iso.Id, command.Forced == true), caller.Asks).Id);
    }
}
