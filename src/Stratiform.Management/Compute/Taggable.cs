using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;

namespace Stratiform.Management.Compute;

/// <summary>What tags may be attached to, by the names that clients use. It lies in this slice since it looks down on all of them.</summary>
internal static class Taggable
{
    private static readonly (string Wire, string Kind)[] Kinds =
    [
        ("UserVm", nameof(VirtualMachine)), ("Volume", nameof(Volume)), ("Network", nameof(Network)), ("Vpc", nameof(Vpc)), ("Template", nameof(Template)),
        ("ISO", nameof(Template)),
    ];

    /// <summary>The entity's kind for a resource type; UserVm and VirtualMachine are the same.</summary>
    public static string KindOf(string type)
    {
        var found = Kinds.FirstOrDefault(k => k.Wire.Equals(type, StringComparison.OrdinalIgnoreCase) || k.Kind.Equals(type, StringComparison.OrdinalIgnoreCase));
        return found.Kind ?? throw Refusal.Parameter($"resourcetype {type} cannot have tags; there are {string.Join(", ", Kinds.Select(k => k.Wire))}.");
    }

    /// <summary>The resource type of an entity's kind.</summary>
    public static string WireOf(string kind) => Kinds.FirstOrDefault(k => k.Kind == kind).Wire ?? kind;

    /// <summary>The owner of a resource that exists for the caller.</summary>
    public static async Task<IOwned> FindTaggableAsync(this CloudDb db, Caller caller, string kind, Guid id, CancellationToken ct) => kind switch
    {
        nameof(VirtualMachine) => await db.FindVisibleAsync<VirtualMachine>(caller, new(id), ct, "resourceids"),
        nameof(Volume) => await db.FindVisibleAsync<Volume>(caller, new(id), ct, "resourceids"),
        nameof(Network) => await db.FindVisibleAsync<Network>(caller, new(id), ct, "resourceids"),
        nameof(Vpc) => await db.FindVisibleAsync<Vpc>(caller, new(id), ct, "resourceids"),
        nameof(Template) => await db.FindVisibleAsync<Template>(caller, new(id), ct, "resourceids") is { VolumeId: null } image
            ? image
            : throw Visibility.Unknown(caller, "resourceids", id),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No kind of Taggable."),
    };
}
