using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Images.Commands;

/// <summary>Copies an ISO to other zones, where each copy has an id of its own.</summary>
[Command("Copies an ISO to other zones", AllowedTo.Everyone)]
internal sealed record CopyIso : ImageCopyCommand<IsoWire>;

internal sealed class CopyIsoHandler(CloudDb db, ImageCopies copies) : IHandle<CopyIso, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CopyIso command, Caller caller, CancellationToken ct)
    {
        var image = await db.FindUsableAsync(caller, command.Id, ct, "id");
        if (!image.IsIso) throw Visibility.Unknown(caller, "id", command.Id);
        return await copies.CopyAsync(image, command, caller, ct);
    }
}
