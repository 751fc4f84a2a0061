using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>
/// Takes a template off the list; its copies on pools go once no disk needs them. It lies in this slice since virtual machines do.
/// </summary>
[Command("Deletes a template", AllowedTo.Everyone)]
internal sealed record DeleteTemplate : IAsyncCommand<Success>
{
    [Description("The template")]
    public required Id<Template> Id { get; init; }

    [Description("True deletes it even though virtual machines started from it; they keep their disks")]
    public bool? Forced { get; init; }
}

internal sealed class DeleteTemplateHandler(CloudDb db, WorkflowQueue queue, CommandCommit commit, TimeProvider clock)
    : IHandle<DeleteTemplate, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteTemplate command, Caller caller, CancellationToken ct)
    {
        var template = await db.FindTemplateAsync(caller, command.Id, ct);
        if (command.Forced != true)
        {
            var vms = await db.Set<VirtualMachine>().CountAsync(v => v.TemplateId == template.Id, ct);
            if (vms > 0)
            {
                throw Refusal.Parameter(
                    $"{vms} virtual machines started from the template {template.Name}; expunge them, or say forced=true: they keep their disks.");
            }
        }
        template.Remove(clock.GetUtcNow());
        commit.Add((into, token) => Limits.ReleaseAsync(into, template.Id.Value, token));
        return new(queue.RecordDone(caller.Asks, nameof(Template), template.Id.Value).Id);
    }
}
