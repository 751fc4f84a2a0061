using System.Diagnostics.CodeAnalysis;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>An ISO as clients see it: a template of another name.</summary>
[WireName("iso")]
public sealed record IsoWire : TemplateWire
{
    [SetsRequiredMembers]
    internal IsoWire(TemplateWire image) : base(image) { }
}

internal sealed class IsoWireReader(IReadWire<TemplateWire> images) : IReadWire<IsoWire>
{
    public async Task<IReadOnlyList<IsoWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct) =>
        [.. (await images.ReadAsync(ids, caller, ct)).Select(image => new IsoWire(image))];
}
