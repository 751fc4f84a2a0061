using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Api;
using Stratiform.Management.Compute;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.SystemVms;

/// <summary>
/// A worker of a zone in a VM of its own. It keeps nothing: what it forgets with a boot others do again, so it can be cut off,
/// thrown away and replaced at any time.
/// </summary>
public sealed class SystemVm : IRemovable
{
    private SystemVm() { }

    public SystemVm(Id<Zone> zone, ServiceOffering offering, DateTimeOffset now)
    {
        Id = Protocol.Id.New<SystemVm>();
        (ZoneId, CreatedAt, IdleSince) = (zone, now, now);
        TakeSize(offering);
        Name = "s-" + Id.ToString()[24..];
        (ManagementNicId, StorageNicId, PublicNicId) = (NicOf("management"), NicOf("storage"), NicOf("public"));
    }

    public Id<SystemVm> Id { get; private set; }
    public string Name { get; private set; } = "";
    public SystemVmKind Kind { get; private set; } = SystemVmKind.SecondaryStorage;
    public Id<Zone> ZoneId { get; private set; }
    public VmState State { get; private set; } = VmState.Stopped;
    public Id<Host>? HostId { get; private set; }

    /// <summary>The fence under which its domain was last asked for; what a host saw before it is outdated.</summary>
    public long DomainFence { get; set; }

    /// <summary>What it was made of; its size is that one's.</summary>
    public Id<ServiceOffering> OfferingId { get; private set; }

    public int Cpus { get; private set; }
    public int CpuMhz { get; private set; }
    public long MemoryMib { get; private set; }

    /// <summary>What it will be made of when it boots next; it takes nothing new until then. Null for what it has.</summary>
    public Id<ServiceOffering>? NextOfferingId { get; private set; }

    /// <summary>What its zone's workers were to have when an operator chose its size: it is left alone until they are to have another.</summary>
    public Id<ServiceOffering>? ChosenOver { get; private set; }

    public Guid ManagementNicId { get; private set; }
    public Guid StorageNicId { get; private set; }
    public Guid PublicNicId { get; private set; }

    /// <summary>Its address on the management network of its host's pod; null where its zone has none.</summary>
    public Ipv4Address? ManagementIp { get; private set; }

    /// <summary>Its address on the storage network; null where its pod has none.</summary>
    public Ipv4Address? StorageIp { get; private set; }

    /// <summary>Transfers that it has; see <c>TransferSession</c>.</summary>
    public int Sessions { get; private set; }

    /// <summary>Since when it has had none.</summary>
    public DateTimeOffset? IdleSince { get; private set; }

    /// <summary>Grows when its zone's stores change.</summary>
    public long WantedSetup { get; private set; } = 1;

    /// <summary>The setup it was told last; 0 after each boot.</summary>
    public long AppliedSetup { get; private set; }

    /// <summary>An operator stopped it, and it stays so until an operator starts it.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>It takes nothing new, and goes when it is idle.</summary>
    public bool IsLeaving { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.SystemVm, Id.Value);

    /// <summary>Refuses what the state does not allow.</summary>
    /// <exception cref="CloudException">The state is another.</exception>
    public void RequireState(string action, VmState wanted)
    {
        if (State != wanted) throw Refusal.Parameter($"The system VM {Name} is {State}; to {action} it, it must be {wanted}.");
    }

    public void MarkStarting() => (State, AppliedSetup, IsHeld) = (VmState.Starting, 0, false);

    public void PlaceOn(Id<Host>? host) => HostId = host;

    public void TakeAddresses(Ipv4Address? management, Ipv4Address? storage) => (ManagementIp, StorageIp) = (management, storage);

    public void WasSetUp(long setup) => AppliedSetup = setup;

    public void MarkRunning(DateTimeOffset now) => (State, IdleSince) = (VmState.Running, IdleSince is null ? null : now);

    /// <summary>It is going off, whatever becomes of it then: <see cref="Then"/> tells who goes on with it.</summary>
    public void MarkStopping(AfterStop then) =>
        (State, IsHeld, IsLeaving) = (VmState.Stopping, then == AfterStop.Hold, IsLeaving || then == AfterStop.Remove);

    /// <summary>What becomes of it when it is off.</summary>
    public AfterStop Then => IsLeaving ? AfterStop.Remove : IsHeld ? AfterStop.Hold : AfterStop.Restart;

    public void MarkStopped() => (State, HostId, AppliedSetup) = (VmState.Stopped, null, 0);

    /// <summary>An operator chose its size. It is off, or it grows when its last transfer has ended.</summary>
    public void Choose(ServiceOffering offering, Id<ServiceOffering>? over)
    {
        ChosenOver = over;
        if (State == VmState.Stopped) TakeSize(offering);
        else NextOfferingId = offering.Id == OfferingId ? null : offering.Id;
    }

    /// <summary>It is off, and would boot in that size.</summary>
    public bool IsOffWith(Id<ServiceOffering> offering) => State == VmState.Stopped && OfferingId == offering;

    /// <summary>It has this size from its next boot. Its host has given back what it had there.</summary>
    public void TakeSize(ServiceOffering offering) =>
        (OfferingId, Cpus, CpuMhz, MemoryMib, NextOfferingId) = (offering.Id, offering.Cpus, offering.CpuMhz, offering.MemoryMib, null);

    public void Leave() => IsLeaving = true;

    public void Remove(DateTimeOffset now) =>
        (State, HostId, ManagementIp, StorageIp, RemovedAt) = (VmState.Expunging, null, null, null, now);

    private Guid NicOf(string network) => Protocol.Id.Derive(Id.Value, network);

    internal sealed class Mapping : IEntityTypeConfiguration<SystemVm>
    {
        public void Configure(EntityTypeBuilder<SystemVm> entity)
        {
            // Who chooses a size must not meet who boots it.
            entity.Property(v => v.State).IsConcurrencyToken();
            entity.HasIndex(v => v.ZoneId).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.HostId);
            entity.HasIndex(v => new { v.ZoneId, v.ManagementIp }).IsUnique().HasFilter("management_ip IS NOT NULL");
            entity.HasIndex(v => new { v.ZoneId, v.StorageIp }).IsUnique().HasFilter("storage_ip IS NOT NULL");
            entity.HasOne<Zone>().WithMany().HasForeignKey(v => v.ZoneId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<ServiceOffering>().WithMany().HasForeignKey(v => v.OfferingId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<ServiceOffering>().WithMany().HasForeignKey(v => v.NextOfferingId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Host>().WithMany().HasForeignKey(v => v.HostId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>What becomes of a worker that was cut off.</summary>
public enum AfterStop
{
    /// <summary>It stays off until somebody starts it.</summary>
    Hold,
    /// <summary>It boots again.</summary>
    Restart,
    /// <summary>It is no more; another one comes if one is needed.</summary>
    Remove,
}

/// <summary>What a system VM is for.</summary>
public enum SystemVmKind
{
    /// <summary>Moves images between stores, pools and the outside.</summary>
    SecondaryStorage,
}
