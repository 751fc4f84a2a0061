using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>A service offering as clients see it.</summary>
[WireName("serviceoffering")]
public sealed record ServiceOfferingWire
{
    [Description("The offering's id")]
    public required Guid Id { get; init; }

    [Description("The offering's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Processors")]
    public required int CpuNumber { get; init; }

    [Description("Promised speed of each processor, MHz")]
    public required int CpuSpeed { get; init; }

    [Description("Memory, MiB")]
    public required long Memory { get; init; }

    [Description("shared: disks lie on storage that hosts share")]
    public string StorageType { get; init; } = "shared";

    [Description("thin: disks take the room that is written")]
    public string ProvisioningType { get; init; } = "thin";

    [Description("Tags that hosts must bear, comma separated")]
    public string? HostTags { get; init; }

    [Description("Tags that pools must bear, comma separated")]
    public string? StorageTags { get; init; }

    [Description("Size of the root disk, GiB; the template's where absent")]
    public long? RootDiskSize { get; init; }

    [Description("Whether its virtual machines are started elsewhere when their host is lost")]
    public required bool OfferHa { get; init; }

    [Description("Whether processors are held to their speed even on an idle host")]
    public required bool LimitCpuUse { get; init; }

    [Description("What the default card of its virtual machines passes each way, Mbit/s; 0 for no limit, absent where a setting says")]
    public int? NetworkRate { get; init; }

    [Description("Whether tenants choose the size")]
    public bool IsCustomized { get; init; }

    [Description("Whether it is for the cloud's own virtual machines")]
    public required bool IsSystem { get; init; }

    [Description("The kind of the cloud's own virtual machines that it is for")]
    public string? SystemVmType { get; init; }

    [Description("The architecture (arch) of routers that are made of it; absent where a setting says")]
    public IReadOnlyDictionary<string, string>? ServiceOfferingDetails { get; init; }

    [Description("Whether system VMs have it for want of a choice")]
    public bool? DefaultUse { get; init; }

    [Description("Active, like all offerings that are not deleted")]
    public string State { get; init; } = "Active";

    [Description("When it was created")]
    public required DateTimeOffset Created { get; init; }
}

internal sealed class ServiceOfferingWireReader(CloudDb db) : IReadWire<ServiceOfferingWire>
{
    public async Task<IReadOnlyList<ServiceOfferingWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<ServiceOffering>(id)).ToList();
        var rows = await db.Set<ServiceOffering>().AsNoTracking().Where(o => keys.Contains(o.Id)).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, o => o.Id.Value).Select(o => new ServiceOfferingWire
        {
            Id = o.Id.Value,
            Name = o.Name,
            DisplayText = o.DisplayText,
            CpuNumber = o.Cpus,
            CpuSpeed = o.CpuMhz,
            Memory = o.MemoryMib,
            HostTags = o.HostTags.Length > 0 ? string.Join(',', o.HostTags) : null,
            StorageTags = o.StorageTags.Length > 0 ? string.Join(',', o.StorageTags) : null,
            RootDiskSize = o.RootDiskBytes >> 30,
            OfferHa = o.OfferHa,
            LimitCpuUse = o.LimitCpuUse,
            NetworkRate = o.RateMbit,
            IsSystem = o.IsSystem,
            SystemVmType = o.SystemVmType,
            ServiceOfferingDetails = o.Arch is { } arch ? new Dictionary<string, string> { [Compute.ServiceOfferingDetails.Arch] = arch } : null,
            DefaultUse = o.IsSystem ? SystemOfferings.IsBuiltIn(o) : null,
            Created = o.CreatedAt,
        })];
    }
}
