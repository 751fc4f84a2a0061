using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage;

/// <summary>A disk.</summary>
public sealed class Volume : IOwned, IRemovable
{
    private Volume() { }

    public Volume(string name, VolumeType type, Id<Account> account, Id<Domain> domain, Id<Zone> zone, long sizeBytes, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Volume>();
        (Name, Type, AccountId, DomainId, ZoneId, SizeBytes, CreatedAt) = (name, type, account, domain, zone, sizeBytes, now);
    }

    public Id<Volume> Id { get; private set; }
    public string Name { get; set; } = "";
    public VolumeType Type { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public long SizeBytes { get; private set; }
    public VolumeState State { get; private set; } = VolumeState.Allocated;

    /// <summary>The pool it lies on, once chosen.</summary>
    public Id<StoragePool>? PoolId { get; private set; }

    /// <summary>The image it is a clone of; null for an empty disk.</summary>
    public Id<Template>? TemplateId { get; init; }

    public Id<DiskOffering>? DiskOfferingId { get; init; }

    /// <summary>The virtual machine it is attached to. Compute's id: this slice lies below it.</summary>
    public Guid? VirtualMachineId { get; private set; }

    /// <summary>Its place among the VM's disks; 0 is the root.</summary>
    public int? DeviceId { get; private set; }

    public DateTimeOffset? AttachedAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.Volume, Id.Value);

    public void Attach(Guid virtualMachineId, int device, DateTimeOffset now) =>
        (VirtualMachineId, DeviceId, AttachedAt) = (virtualMachineId, device, now);

    /// <summary>Refuses while a virtual machine has it.</summary>
    public void RequireDetached()
    {
        if (VirtualMachineId is null) return;
        throw Refusal.Parameter(
            $"The volume {Name} is attached to a virtual machine and is deleted with that (destroyVirtualMachine with expunge=true).");
    }

    public void PlaceOn(Id<StoragePool>? pool) => PoolId = pool;

    public void MarkCreating() => State = VolumeState.Creating;

    public void MarkReady(long sizeBytes) => (State, SizeBytes) = (VolumeState.Ready, sizeBytes);

    /// <summary>Its content is still to come into an image store.</summary>
    public void AwaitUpload() => State = VolumeState.NotUploaded;

    public void MarkUploading() => State = VolumeState.UploadOp;

    /// <summary>Its content lies in an image store, and on no pool.</summary>
    public void MarkUploaded(long sizeBytes) => (State, SizeBytes) = (VolumeState.Uploaded, sizeBytes);

    public void MarkUploadFailed() => State = VolumeState.UploadError;

    public void MarkAllocated() => State = VolumeState.Allocated;

    /// <summary>It is about to go.</summary>
    public void MarkExpunging() => State = VolumeState.Expunging;

    public void Expunge(DateTimeOffset now) => (State, RemovedAt) = (VolumeState.Expunged, now);

    internal sealed class Mapping : IEntityTypeConfiguration<Volume>
    {
        public void Configure(EntityTypeBuilder<Volume> entity)
        {
            entity.HasIndex(v => new { v.VirtualMachineId, v.DeviceId }).IsUnique()
                .HasFilter("removed_at IS NULL AND virtual_machine_id IS NOT NULL");
            entity.HasIndex(v => new { v.AccountId, v.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.PoolId);
            entity.HasOne<StoragePool>().WithMany().HasForeignKey(v => v.PoolId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What a volume is for, in the API's words.</summary>
public enum VolumeType
{
    ROOT,
    DATADISK,
}

/// <summary>Where a volume stands, in the API's words.</summary>
public enum VolumeState
{
    Allocated,
    Creating,
    Ready,

    /// <summary>It is still to be uploaded.</summary>
    NotUploaded,

    /// <summary>It comes into an image store.</summary>
    UploadOp,

    /// <summary>It lies in an image store.</summary>
    Uploaded,

    /// <summary>It did not come; its status says why.</summary>
    UploadError,
    Destroy,
    Expunging,
    Expunged,
}
