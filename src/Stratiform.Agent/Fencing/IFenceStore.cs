namespace Stratiform.Agent.Fencing;

/// <summary>
/// Remembers for each subject the highest fence that was obeyed, and for each thing the subject it belongs to.
/// What <see cref="RecordAsync"/> and <see cref="ReleaseAsync"/> were told is durable when they return.
/// Not for concurrent writers of one subject: <see cref="FenceGate"/> lets one in at a time.
/// </summary>
public interface IFenceStore
{
    /// <summary>The highest fence obeyed for the subject, 0 for none.</summary>
    long FenceOf(string subject);

    /// <summary>The subject that the thing belongs to, or null.</summary>
    string? OwnerOf(Thing thing);

    /// <summary>The fence was obeyed for the subject, and the thing belongs to it.</summary>
    ValueTask RecordAsync(string subject, long fence, Thing thing, CancellationToken ct);

    /// <summary>The thing is gone and belongs to nobody; the subject's fence stays.</summary>
    ValueTask ReleaseAsync(Thing thing, CancellationToken ct);
}
