using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute;

/// <summary>A tenant's virtual machine: what is wanted of it. What is seen is a <see cref="DomainSight"/>.</summary>
public sealed class VirtualMachine : IOwned, IRemovable
{
    private VirtualMachine() { }

    public VirtualMachine(string name, ServiceOffering offering, Template template, Id<Account> account, Id<Domain> domain, DateTimeOffset now)
    {
        Id = Protocol.Id.New<VirtualMachine>();
        Name = name;
        DisplayName = name;
        InstanceName = "i-" + Id.ToString()[24..];
        (OfferingId, Cpus, CpuMhz, MemoryMib) = (offering.Id, offering.Cpus, offering.CpuMhz, offering.MemoryMib);
        (TemplateId, ZoneId, OsTypeId, Hypervisor) = (template.Id, template.ZoneId, template.OsTypeId, template.Hypervisor ?? default);
        (AccountId, DomainId, CreatedAt, StateSince) = (account, domain, now, now);
    }

    public Id<VirtualMachine> Id { get; private set; }

    /// <summary>Its host name inside the network.</summary>
    public string Name { get; private set; } = "";

    public string DisplayName { get; set; } = "";

    /// <summary>Its name on hosts.</summary>
    public string InstanceName { get; private set; } = "";

    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }
    public Id<ServiceOffering> OfferingId { get; private set; }
    public Id<Template> TemplateId { get; private set; }
    public Id<OsType>? OsTypeId { get; set; }

    /// <summary>The ISO that is in its drive, or will be when it starts.</summary>
    public Id<Template>? IsoId { get; private set; }

    /// <summary>What runs it: its template's, or what was said where that is an ISO.</summary>
    public Hypervisor Hypervisor { get; init; }

    public int Cpus { get; private set; }
    public int CpuMhz { get; private set; }
    public long MemoryMib { get; private set; }
    public VmState State { get; private set; } = VmState.Stopped;
    public DateTimeOffset StateSince { get; private set; }

    /// <summary>The host it is placed on, from the reservation to the release.</summary>
    public Id<Host>? HostId { get; private set; }

    public Id<Host>? LastHostId { get; private set; }

    /// <summary>The fence under which its domain was last asked for; what a host saw before it is outdated.</summary>
    public long DomainFence { get; set; }

    /// <summary>What the metadata service hands out, decoded; null for none.</summary>
    public byte[]? UserData { get; set; }

    public Id<UserDataText>? UserDataId { get; set; }

    /// <summary>Public keys, one a line.</summary>
    public string SshPublicKeys { get; set; } = "";

    public string[] KeyPairNames { get; set; } = [];

    /// <summary>The password for the next time the guest asks; wrapped by the master key, gone once taken.</summary>
    public byte[]? WrappedPassword { get; private set; }

    /// <summary>Grows with each password, so that a taken one is never offered again.</summary>
    public long PasswordSerial { get; private set; }

    public DateTimeOffset? DestroyedAt { get; private set; }
    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.VirtualMachine, Id.Value);

    /// <summary>MHz promised to it in all.</summary>
    public long PromisedMhz => (long)Cpus * CpuMhz;

    /// <summary>Refuses unless it is in one of these states.</summary>
    public void RequireState(string verb, params ReadOnlySpan<VmState> states)
    {
        if (states.Contains(State)) return;
        throw Refusal.Parameter(
            $"The virtual machine {DisplayName} is {State}; to {verb} it, it must be {string.Join(" or ", states.ToArray())}.");
    }

    public void Become(VmState state, DateTimeOffset now)
    {
        if (State == state) return;
        (State, StateSince) = (state, now);
    }

    /// <summary>Refuses unless its drive can take the ISO.</summary>
    /// <param name="iso">The ISO.</param>
    /// <param name="forced">True takes another one out.</param>
    public void RequireRoomFor(Id<Template> iso, bool forced)
    {
        RequireState("attach an ISO to", VmState.Running, VmState.Stopped);
        if (IsoId is { } there && there != iso && !forced)
            throw Refusal.Parameter($"The virtual machine {DisplayName} has an ISO in its drive already; detach it (detachIso), or say forced=true.");
    }

    /// <summary>Refuses unless there is an ISO in its drive that can be taken out.</summary>
    public void RequireIso()
    {
        RequireState("detach an ISO from", VmState.Running, VmState.Stopped);
        if (IsoId is null) throw Refusal.Parameter($"The virtual machine {DisplayName} has no ISO in its drive.");
    }

    /// <summary>Puts an ISO into its drive, or nothing.</summary>
    public void Insert(Id<Template>? iso) => IsoId = iso;

    public void PlaceOn(Id<Host> host) => HostId = host;

    public void LeaveHost() => (LastHostId, HostId) = (HostId ?? LastHostId, null);

    public void Destroy(DateTimeOffset now)
    {
        DestroyedAt ??= now;
        Become(VmState.Destroyed, now);
    }

    public void Recover(DateTimeOffset now)
    {
        DestroyedAt = null;
        Become(VmState.Stopped, now);
    }

    public void Remove(DateTimeOffset now)
    {
        RemovedAt = now;
        WrappedPassword = null;
        Become(VmState.Expunging, now);
    }

    public void Rename(string name) => Name = name;

    public void OfferPassword(byte[] wrapped) => (WrappedPassword, PasswordSerial) = (wrapped, PasswordSerial + 1);

    public void PasswordTaken(long serial)
    {
        if (serial == PasswordSerial) WrappedPassword = null;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<VirtualMachine>
    {
        public void Configure(EntityTypeBuilder<VirtualMachine> entity)
        {
            entity.Property(v => v.State).IsConcurrencyToken();
            entity.HasIndex(v => new { v.AccountId, v.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.CreatedAt).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.Name).HasFilter("removed_at IS NULL");
            entity.HasIndex(v => v.HostId).HasFilter("host_id IS NOT NULL");
            entity.HasOne<ServiceOffering>().WithMany().HasForeignKey(v => v.OfferingId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Template>().WithMany().HasForeignKey(v => v.TemplateId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Template>().WithMany().HasForeignKey(v => v.IsoId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Host>().WithMany().HasForeignKey(v => v.HostId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
