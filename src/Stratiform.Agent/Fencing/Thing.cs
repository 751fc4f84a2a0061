namespace Stratiform.Agent.Fencing;

/// <summary>What a message acts on: something of the host that belongs to one subject.</summary>
/// <param name="Name">Kind and id, e.g. <c>domain/0192…</c>; no spaces.</param>
public readonly record struct Thing(string Name)
{
    internal static Thing Domain(Guid id) => new($"domain/{id}");

    internal static Thing Pool(Guid id) => new($"pool/{id}");

    internal static Thing Image(Guid pool, Guid id) => new($"image/{pool}/{id}");

    internal static Thing Volume(Guid pool, Guid id) => new($"volume/{pool}/{id}");

    internal static Thing Network(Guid id) => new($"network/{id}");

    internal static Thing Groups(Guid host) => new($"groups/{host}");

    internal static Thing Router(Guid id) => new($"router/{id}");

    internal static Thing Worker(Guid id) => new($"worker/{id}");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
