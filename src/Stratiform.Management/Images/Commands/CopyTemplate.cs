using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Images.Commands;

/// <summary>Copies a template to other zones, where each copy has an id of its own.</summary>
[Command("Copies a template to other zones", AllowedTo.Everyone)]
internal sealed record CopyTemplate : ImageCopyCommand<TemplateWire>;

internal sealed class CopyTemplateHandler(CloudDb db, ImageCopies copies) : IHandle<CopyTemplate, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CopyTemplate command, Caller caller, CancellationToken ct)
    {
        var image = await db.FindUsableAsync(caller, command.Id, ct, "id");
        if (image.IsIso) throw Visibility.Unknown(caller, "id", command.Id);
        return await copies.CopyAsync(image, command, caller, ct);
    }
}
