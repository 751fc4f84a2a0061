using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>The ISOs that exist for the caller: its own, the public ones, and those that others share with it.</summary>
[Command("Lists ISOs", AllowedTo.Everyone)]
internal sealed record ListIsos : ImageListQuery<IsoWire>
{
    [Description("Which: featured, self, selfexecutable (unless said), sharedexecutable, executable, community, or all (administrators)")]
    public string? IsoFilter { get; init; }

    [Description("True lists only those that virtual machines can boot from, false only others")]
    public bool? Bootable { get; init; }

    [Description("True lists only those that everybody may use, false only others")]
    public bool? IsPublic { get; init; }
}

internal sealed class ListIsosHandler(CloudDb db, Lists<IsoWire> lists) : IHandle<ListIsos, Page<IsoWire>>
{
    public async Task<Page<IsoWire>> HandleAsync(ListIsos command, Caller caller, CancellationToken ct)
    {
        // Who knows which one need not know whose it is.
        var filter = command.IsoFilter ?? (command.Id is null && command.Ids is null ? "selfexecutable" : null);
        var isos = (await db.ListedAsync(command, "isofilter", filter, caller, ct)).Where(t => t.Format == ImageFormat.Iso);
        if (command.Bootable is { } bootable) isos = isos.Where(t => t.Bootable == bootable);
        if (command.IsPublic is { } open) isos = isos.Where(t => t.IsPublic == open);
        return await lists.PageAsync(isos.Sorted(), command, caller, ct);
    }
}
