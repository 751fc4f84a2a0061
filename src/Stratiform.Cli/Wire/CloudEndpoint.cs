namespace Stratiform.Cli.Wire;

/// <summary>Where the cloud is and who asks; without keys requests go unsigned, as the integration port wants them.</summary>
internal sealed record CloudEndpoint(Uri Address, string? Key, string? Secret, string Source)
{
    /// <summary>The server's own address, where /health lives beside /client/api.</summary>
    public Uri Server => new(Address.GetLeftPart(UriPartial.Authority));

    public bool HasKeys => !string.IsNullOrEmpty(Key) && !string.IsNullOrEmpty(Secret);

    /// <summary>Says who asks, never with what secret: records print all their members otherwise.</summary>
    public override string ToString() => $"{Address} (from {Source})";
}
