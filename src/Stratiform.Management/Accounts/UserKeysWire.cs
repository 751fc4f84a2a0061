using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Accounts;

/// <summary>A user's pair of keys on the wire.</summary>
[WireName("userkeys")]
internal sealed record UserKeysWire
{
    [Description("Names the user in signed requests")]
    public string? ApiKey { get; init; }

    [Description("Signs requests; keep it to yourself")]
    public string? SecretKey { get; init; }
}
