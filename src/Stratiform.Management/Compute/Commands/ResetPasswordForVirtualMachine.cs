using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Makes a new password for a guest, which it takes when it starts the next time.</summary>
[Command("Makes a new password for the guest of a stopped virtual machine; the job shows it", AllowedTo.Everyone)]
internal sealed record ResetPasswordForVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("The new password; one is made up unless said")]
    public string? Password { get; init; }
}

internal sealed class ResetPasswordForVirtualMachineHandler(CloudDb db, WorkflowQueue queue, GuestPasswords passwords)
    : IHandle<ResetPasswordForVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(ResetPasswordForVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        vm.RequireState("give it a new password", VmState.Stopped);
        var template = await db.Set<Template>().IgnoreQueryFilters().AsNoTracking().SingleAsync(t => t.Id == vm.TemplateId, ct);
        if (!template.PasswordEnabled)
            throw Refusal.Parameter($"Guests of the template {template.Name} take no passwords; set passwordenabled with updateTemplate if they do.");
        if (command.Password is { } chosen) GuestPasswords.Require(chosen);
        var job = queue.RecordDone(caller.Asks, nameof(VirtualMachine), vm.Id.Value);
        passwords.Offer(vm, template, job, command.Password);
        return new(job.Id);
    }
}
