using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>Says what a store is called, and whether anything new is written to it. Copies under way end as they would.</summary>
[Command("Updates an image store")]
internal sealed record UpdateImageStore : ICommand<Shown<ImageStoreWire>>
{
    [Description("The store")]
    public required Id<ImageStore> Id { get; init; }

    [Description("A new name")]
    public string? Name { get; init; }

    [Description("True lets nothing new be written to it")]
    public bool? ReadOnly { get; init; }
}

internal sealed class UpdateImageStoreHandler(CloudDb db) : IHandle<UpdateImageStore, Shown<ImageStoreWire>>
{
    public async Task<Shown<ImageStoreWire>> HandleAsync(UpdateImageStore command, Caller caller, CancellationToken ct)
    {
        var store = await db.FindAsync(caller, command.Id, ct);
        store.Name = command.Name ?? store.Name;
        store.IsReadOnly = command.ReadOnly ?? store.IsReadOnly;
        return new(store.Id.Value);
    }
}
