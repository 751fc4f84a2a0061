using System.Globalization;

namespace Stratiform.Management.Networking;

/// <summary>What a guest is told with its address because its owner wants it to be.</summary>
/// <param name="Code">The option's number (RFC 2132).</param>
/// <param name="Value">What it says, as it was checked: text, addresses with commas between, or a number.</param>
public sealed record DhcpOption(int Code, string Value)
{
    /// <summary>As dnsmasq's configuration has it, number first.</summary>
    public string Rendered => DhcpOptions.Kinds[Code].Form switch
    {
        // Nothing between quotes is an address or a number, and a comma is a comma.
        DhcpForm.Text => string.Create(CultureInfo.InvariantCulture, $"{Code},\"{Value}\""),
        DhcpForm.Addresses => string.Create(CultureInfo.InvariantCulture, $"{Code},{Value}"),
        DhcpForm.Octet => string.Create(CultureInfo.InvariantCulture, $"{Code},{Value}b"),
        DhcpForm.Number => string.Create(CultureInfo.InvariantCulture, $"{Code},{Value}i"),
    };
}

/// <summary>What an option's value is.</summary>
public enum DhcpForm
{
    /// <summary>Printable characters.</summary>
    Text,

    /// <summary>IPv4 addresses.</summary>
    Addresses,

    /// <summary>0 to 255.</summary>
    Octet,

    /// <summary>Of 32 bits, without a sign.</summary>
    Number,
}
