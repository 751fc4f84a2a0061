using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Takes tags off things.</summary>
[Command("Removes tags", AllowedTo.Everyone)]
internal sealed record DeleteTags : IAsyncCommand<Success>
{
    [Description("Which: tags[0].key, and tags[0].value to mean only this value; all tags unless said")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Tags { get; init; }

    [Description("The kind of thing: UserVm, Volume, Network or Template")]
    public required string ResourceType { get; init; }

    [Description("The things, separated by commas")]
    public required IReadOnlyList<Guid> ResourceIds { get; init; }
}

internal sealed class DeleteTagsHandler(CloudDb db, WorkflowQueue queue) : IHandle<DeleteTags, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteTags command, Caller caller, CancellationToken ct)
    {
        var kind = Taggable.KindOf(command.ResourceType);
        foreach (var id in command.ResourceIds.Distinct())
        {
            await db.FindTaggableAsync(caller, kind, id, ct);
            var there = await db.Set<Tag>().Where(t => t.ResourceId == id).ToListAsync(ct);
            db.RemoveRange(command.Tags is null ? there : there.Where(t => IsMeant(t, command.Tags)));
        }
        return new(queue.RecordDone(caller.Asks, kind, command.ResourceIds[0]).Id);
    }

    private static bool IsMeant(Tag tag, IReadOnlyList<IReadOnlyDictionary<string, string>> asked) => asked.Any(a =>
        a.TryGetValue("key", out var key) && key == tag.Key && (!a.TryGetValue("value", out var value) || value == tag.Value));
}
