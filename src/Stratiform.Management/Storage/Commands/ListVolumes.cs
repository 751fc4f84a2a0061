using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>The volumes that exist for the caller.</summary>
[Command("Lists volumes", AllowedTo.Everyone)]
internal sealed record ListVolumes : OwnedListQuery<Volume, VolumeWire>
{
    [Description("Lists only the volume of this name")]
    public string? Name { get; init; }

    [Description("Lists only volumes of this type: ROOT or DATADISK")]
    public VolumeType? Type { get; init; }

    [Description("Lists only volumes in this state")]
    public VolumeState? State { get; init; }

    [Description("Lists only volumes of this virtual machine")]
    public Guid? VirtualMachineId { get; init; }

    [Description("Lists only volumes of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only volumes on this pool")]
    public Id<StoragePool>? StorageId { get; init; }
}

internal sealed class ListVolumesHandler(CloudDb db, Lists<VolumeWire> lists) : IHandle<ListVolumes, Page<VolumeWire>>
{
    public async Task<Page<VolumeWire>> HandleAsync(ListVolumes command, Caller caller, CancellationToken ct)
    {
        var volumes = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) volumes = volumes.Where(v => v.Name == name);
        if (command.Type is { } type) volumes = volumes.Where(v => v.Type == type);
        if (command.State is { } state) volumes = volumes.Where(v => v.State == state);
        if (command.VirtualMachineId is { } vm) volumes = volumes.Where(v => v.VirtualMachineId == vm);
        if (command.ZoneId is { } zone) volumes = volumes.Where(v => v.ZoneId == zone);
        if (command.StorageId is { } pool) volumes = volumes.Where(v => v.PoolId == pool);
        if (command.Keyword is { } keyword) volumes = volumes.Where(v => EF.Functions.ILike(v.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(volumes.OrderBy(v => v.CreatedAt).ThenBy(v => v.Id).Select(v => v.Id), command, caller, ct);
    }
}
