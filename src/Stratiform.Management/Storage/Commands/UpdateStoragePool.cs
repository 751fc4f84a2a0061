using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Says what a pool is called, what it is for, and whether it takes more disks. Disks on it stay in use.</summary>
[Command("Updates a primary storage pool")]
internal sealed record UpdateStoragePool : ICommand<Shown<StoragePoolWire>>
{
    [Description("The pool")]
    public required Id<StoragePool> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("Its tags instead of those it has; empty for none")]
    public IReadOnlyList<string>? Tags { get; init; }

    [Description("True lets disks be placed on it, false places no more")]
    public bool? Enabled { get; init; }
}

internal sealed class UpdateStoragePoolHandler(CloudDb db) : IHandle<UpdateStoragePool, Shown<StoragePoolWire>>
{
    public async Task<Shown<StoragePoolWire>> HandleAsync(UpdateStoragePool command, Caller caller, CancellationToken ct)
    {
        var pool = await db.FindAsync(caller, command.Id, ct);
        pool.Name = command.Name ?? pool.Name;
        if (command.Tags is { } tags) pool.Tags = [.. tags.Where(tag => tag.Length > 0)];
        if (command.Enabled is { } enabled) pool.Enable(enabled);
        return new(pool.Id.Value);
    }
}
