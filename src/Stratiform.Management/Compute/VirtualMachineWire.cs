using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Compute;

/// <summary>A virtual machine as clients see it.</summary>
[WireName("virtualmachine")]
public sealed record VirtualMachineWire
{
    [Description("The virtual machine's id")]
    public required Guid Id { get; init; }

    [Description("Its host name")]
    public required string Name { get; init; }

    [Description("Its name for people")]
    public required string DisplayName { get; init; }

    [Description("Its name on hosts")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public required string InstanceName { get; init; }

    [Description("Where it stands: Stopped, Starting, Running, Stopping, Migrating, Destroyed, Expunging or Error")]
    public required VmState State { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }

    [Description("Since when it is in its state")]
    public required DateTimeOffset LastUpdated { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("Its host's id")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public Guid? HostId { get; init; }

    [Description("Its host's name")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? HostName { get; init; }

    [Description("The template that it started from")]
    public required Guid TemplateId { get; init; }

    [Description("Name of that template")]
    public required string TemplateName { get; init; }

    [Description("What that template is, for people")]
    public required string TemplateDisplayText { get; init; }

    [Description("QCOW2, or ISO for one that is installed from it")]
    public required string TemplateFormat { get; init; }

    [Description("The ISO in its drive")]
    public Guid? IsoId { get; init; }

    [Description("Name of that ISO")]
    public string? IsoName { get; init; }

    [Description("What that ISO is, for people")]
    public string? IsoDisplayText { get; init; }

    [Description("Whether it takes a password as it boots")]
    public required bool PasswordEnabled { get; init; }

    [Description("Its size's id")]
    public required Guid ServiceOfferingId { get; init; }

    [Description("Its size's name")]
    public required string ServiceOfferingName { get; init; }

    [Description("Processors")]
    public required int CpuNumber { get; init; }

    [Description("Promised speed of each processor, MHz")]
    public required int CpuSpeed { get; init; }

    [Description("Memory, MiB")]
    public required long Memory { get; init; }

    [Description("Its operating system's id")]
    public Guid? OsTypeId { get; init; }

    [Description("What runs it")]
    public required Hypervisor Hypervisor { get; init; }

    [Description("Place of its root disk")]
    public long RootDeviceId { get; init; }

    [Description("Where its root disk lies")]
    public string RootDeviceType { get; init; } = "ROOT";

    [Description("Address of its default card")]
    public string? IpAddress { get; init; }

    [Description("Names of key pairs that it lets in, comma separated")]
    public string? KeyPairs { get; init; }

    [Description("Registered user data that it was given")]
    public Guid? UserDataId { get; init; }

    [Description("Whether it is started elsewhere when its host is lost")]
    public required bool HaEnable { get; init; }

    [Description("Whether tenants see it")]
    public bool DisplayVm { get; init; } = true;

    [Description("Whether its size can change while it runs")]
    public bool IsDynamicallyScalable { get; init; }

    [Description("What it has received by its cards, KiB; absent until its host was asked")]
    public long? NetworkKbsRead { get; init; }

    [Description("What it has sent by its cards, KiB")]
    public long? NetworkKbsWrite { get; init; }

    [Description("Its cards")]
    public required IReadOnlyList<NicWire> Nic { get; init; }

    [Description("Its affinity groups: none")]
    public IReadOnlyList<string> AffinityGroup { get; init; } = [];

    [Description("Among a load balancer's members: UP while it gets requests, DOWN while it is left out; absent until it was asked")]
    public string? ServiceState { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }

    [Description("Its security groups")]
    public IReadOnlyList<GroupOfVmWire> SecurityGroup { get; init; } = [];

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

/// <summary>A security group as its virtual machines show it.</summary>
public sealed record GroupOfVmWire
{
    [Description("The group's id")]
    public required Guid Id { get; init; }

    [Description("The group's name")]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    public required string Description { get; init; }
}
