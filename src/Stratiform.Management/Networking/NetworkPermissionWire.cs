using System.ComponentModel;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>An account that may use a network of another's, as clients see it.</summary>
[WireName("networkpermission")]
internal sealed record NetworkPermissionWire
{
    [Description("The network's id")]
    public required Guid NetworkId { get; init; }

    [Description("The account's name")]
    public required string Account { get; init; }

    [Description("The account's id")]
    public required Guid AccountId { get; init; }

    [Description("Its domain's name")]
    public required string Domain { get; init; }

    [Description("Its domain's id")]
    public required Guid DomainId { get; init; }
}
