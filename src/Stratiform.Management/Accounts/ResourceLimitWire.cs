using System.ComponentModel;
using System.Globalization;
using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>One limit of an account on the wire.</summary>
[WireName("resourcelimit")]
internal sealed record ResourceLimitWire
{
    [Description("The account's name")]
    public required string Account { get; init; }

    [Description("Its domain's id")]
    public required Id<Domain> DomainId { get; init; }

    [Description("Its domain's name")]
    public required string Domain { get; init; }

    [Description("The number of what is limited")]
    public required string ResourceType { get; init; }

    [Description("What is limited: user_vm, public_ip, volume, template, network, cpu, memory (MiB), primary_storage (GiB)")]
    public required string ResourceTypeName { get; init; }

    [Description("How much the account may have; -1 is any number")]
    public required long Max { get; init; }

    public static ResourceLimitWire Of(Account account, Domain domain, ResourceKind kind, long max)
    {
        var wire = ResourceKindWire.All[kind];
        return new()
        {
            Account = account.Name,
            DomainId = domain.Id,
            Domain = domain.Name,
            ResourceType = wire.Number.ToString(CultureInfo.InvariantCulture),
            ResourceTypeName = wire.Name,
            Max = wire.Shown(max),
        };
    }
}
