using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Decides which images of a store go to which others: the largest first, each where there is most room.</summary>
internal sealed class StoreMigration(CloudDb db, StoreChoice choice)
{
    /// <summary>What goes where.</summary>
    /// <param name="Moves">Templates and ISOs, and the store of each.</param>
    /// <param name="Left">What stays although it should go, and why.</param>
    public sealed record Plan(IReadOnlyList<(Id<Template> Template, Id<ImageStore> To)> Moves, IReadOnlyList<string> Left);

    /// <summary>Plans to move everything, or as much as evens the use of the stores out.</summary>
    public async Task<Plan> OfAsync(ImageStore source, IReadOnlyList<ImageStore> destinations, bool isComplete, CancellationToken ct)
    {
        var images = await (
            from image in db.Set<StoreImage>().AsNoTracking()
            where image.StoreId == source.Id
            join template in db.Set<Template>().AsNoTracking() on image.TemplateId equals template.Id
            orderby template.PhysicalSizeBytes descending, template.Id
            select new { image.Ready, Template = template }).ToListAsync(ct);
        var (moves, left) = (new List<(Id<Template>, Id<ImageStore>)>(), new List<string>());
        var from = new StoreRoom(source);
        var rooms = destinations.Select(store => new StoreRoom(store)).ToList();
        foreach (var (ready, image) in images.Select(i => (i.Ready, i.Template)))
        {
            var bytes = image.PhysicalSizeBytes;
            var room = choice.Find(rooms, StoreNeed.Any, bytes);
            if (!isComplete && (room is null || room.FullWith(bytes) >= from.FullWith(0))) continue;
            if (!ready) left.Add($"{image.Name} (it is still on its way there)");
            else if (room is null) left.Add(string.Create(CultureInfo.InvariantCulture, $"{image.Name} (no destination has room for its {bytes} bytes)"));
            else
            {
                moves.Add((image.Id, room.Store.Id));
                from.Take(-bytes);
                room.Take(bytes);
            }
        }
        return new(moves, left);
    }
}
