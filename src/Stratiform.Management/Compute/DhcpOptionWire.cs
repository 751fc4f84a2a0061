using System.ComponentModel;
using System.Globalization;
using Stratiform.Management.Networking;

namespace Stratiform.Management.Compute;

/// <summary>A DHCP option of a card as clients see it.</summary>
public sealed record DhcpOptionWire
{
    [Description("The option's id")]
    public required Guid Id { get; init; }

    [Description("Its card's id")]
    public required Guid NicId { get; init; }

    [Description("The option's name")]
    public required string ExtraDhcpOptionName { get; init; }

    [Description("The option's number")]
    public required int ExtraDhcpOptionCode { get; init; }

    [Description("What it says")]
    public required string ExtraDhcpValue { get; init; }

    internal static DhcpOptionWire Of(Nic nic, DhcpOption option) => new()
    {
        Id = Protocol.Id.Derive(nic.Id.Value, option.Code.ToString(CultureInfo.InvariantCulture)),
        NicId = nic.Id.Value,
        ExtraDhcpOptionName = DhcpOptions.Kinds[option.Code].Name,
        ExtraDhcpOptionCode = option.Code,
        ExtraDhcpValue = option.Value,
    };
}
