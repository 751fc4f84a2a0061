using System.Net;
using Stratiform.Management.Api;

namespace Stratiform.Management.Infrastructure;

/// <summary>Reads addresses that clients send.</summary>
internal static class WireIp
{
    /// <summary>The IPv4 address.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static IPAddress Require(string text, string parameter) =>
        IPAddress.TryParse(text, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            && address.ToString() == text.Trim()
            ? address
            : throw Refusal.Parameter($"{parameter.ToLowerInvariant()} {text} is not an IPv4 address such as 10.0.0.1.");

    /// <summary>As <see cref="Require"/>, of an address that some host elsewhere may have.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static IPAddress RequireHost(string text, string parameter) => Require(text, parameter) is var address && address.GetAddressBytes()[0] is > 0 and not 127 and < 224
        ? address
        : throw Refusal.Parameter($"{parameter.ToLowerInvariant()} {text} is not the IPv4 address of a host, such as 203.0.113.10.");

    /// <summary>As <see cref="Require"/>, null for what was not sent.</summary>
    public static IPAddress? Optional(string? text, string parameter) => string.IsNullOrWhiteSpace(text) ? null : Require(text, parameter);

    /// <summary>The prefix length of a mask.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static int RequireMask(string text, string parameter)
    {
        try
        {
            return Ipv4.PrefixOf(Require(text, parameter));
        }
        catch (FormatException)
        {
            throw Refusal.Parameter($"{parameter.ToLowerInvariant()} {text} is not a network mask such as 255.255.255.0.");
        }
    }
}
