using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Attaches names and values to things.</summary>
[Command("Attaches tags", AllowedTo.Everyone)]
internal sealed record CreateTags : IAsyncCommand<Success>
{
    [Description("The tags: tags[0].key and tags[0].value")]
    public required IReadOnlyList<IReadOnlyDictionary<string, string>> Tags { get; init; }

    [Description("The kind of thing: UserVm, Volume, Network or Template")]
    public required string ResourceType { get; init; }

    [Description("The things, separated by commas")]
    public required IReadOnlyList<Guid> ResourceIds { get; init; }
}

internal sealed class CreateTagsHandler(CloudDb db, WorkflowQueue queue) : IHandle<CreateTags, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateTags command, Caller caller, CancellationToken ct)
    {
        var kind = Taggable.KindOf(command.ResourceType);
        var tags = command.Tags.AsKeysAndValues();
        if (tags.Count == 0) throw Refusal.Parameter("tags name no key: send tags[0].key and tags[0].value.");
        foreach (var id in command.ResourceIds.Distinct())
        {
            var owner = await db.FindTaggableAsync(caller, kind, id, ct);
            var there = await db.Set<Tag>().Where(t => t.ResourceId == id && tags.Keys.Contains(t.Key)).Select(t => t.Key).FirstOrDefaultAsync(ct);
            if (there is not null) throw Refusal.Parameter($"The tag {there} is on {command.ResourceType} {id} already; delete it first (deleteTags).");
            foreach (var (key, value) in tags) db.Add(new Tag(kind, id, key, value, owner));
        }
        return new(queue.RecordDone(caller.Asks, kind, command.ResourceIds[0]).Id);
    }
}
