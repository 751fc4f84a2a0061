using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Compute.Workflows;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Settings;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Makes a template of a volume. It lies in this slice since a virtual machine may write the volume.</summary>
[Command("Makes a template of a volume that no running virtual machine has", AllowedTo.Everyone)]
internal sealed record CreateTemplate : IAsyncCommand<TemplateWire>
{
    [Description("The template's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    [MaxLength(4096)]
    public string? DisplayText { get; init; }

    [Description("Its operating system")]
    public required Id<OsType> OsTypeId { get; init; }

    [Description("The volume")]
    public Id<Volume>? VolumeId { get; init; }

    [Description("True lets everybody use it; for users where allow.public.user.templates lets them")]
    public bool? IsPublic { get; init; }

    [Description("True recommends it; for administrators")]
    public bool? IsFeatured { get; init; }

    [Description("True when guests take a password as they boot")]
    public bool? PasswordEnabled { get; init; }

    [Description("False when guests take no SSH keys as they boot")]
    public bool? SshKeyEnabled { get; init; }

    [Description("True when guests bear that their size changes while they run")]
    public bool? IsDynamicallyScalable { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class CreateTemplateHandler(
    CloudDb db, WorkflowQueue queue, StoreChoice stores, ImageRegistration registration, LiveSettings settings, TimeProvider clock) : IHandle<CreateTemplate, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateTemplate command, Caller caller, CancellationToken ct)
    {
        if (command.VolumeId is not { } id) throw Refusal.Missing(caller.Command, "volumeid");
        var volume = await db.FindVisibleAsync(caller, id, ct, nameof(command.VolumeId));
        await db.FindAsync(caller, command.OsTypeId, ct, nameof(command.OsTypeId));
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        await db.RequireQuietAsync(volume, ct);
        var zone = await db.Set<Zone>().SingleAsync(z => z.Id == volume.ZoneId, ct);
        var store = await stores.RequireAsync(zone, StoreNeed.Any, ct);
        var template = new Template(command.Name, Template.OfVolume, owner.AccountId, owner.DomainId, volume.ZoneId, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            Hypervisor = await HypervisorAsync(volume, ct),
            OsTypeId = command.OsTypeId,
            IsPublic = ImagePermissions.MayBePublic(command.IsPublic == true, caller, settings),
            IsFeatured = command.IsFeatured == true && caller.IsRootAdmin,
            PasswordEnabled = command.PasswordEnabled == true,
            SshKeyEnabled = command.SshKeyEnabled != false,
            IsDynamicallyScalable = command.IsDynamicallyScalable == true,
        };
        registration.Count(template);
        return new(queue.Enqueue(CopyVolumeToStore.For(template, volume, store), caller.Asks).Id, template.Id.Value);
    }

    // What ran it, or would.
    private async Task<Hypervisor> HypervisorAsync(Volume volume, CancellationToken ct) => await (
        from pool in db.Set<StoragePool>()
        where pool.Id == volume.PoolId
        from cluster in db.Set<Cluster>()
        where cluster.ZoneId == pool.ZoneId && (pool.ClusterId == null || pool.ClusterId == cluster.Id)
        orderby cluster.Id
        select cluster.Hypervisor).FirstOrDefaultAsync(ct);
}
