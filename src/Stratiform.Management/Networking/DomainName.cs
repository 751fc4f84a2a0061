using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>Names of hosts and networks as DNS allows them (RFC 1123).</summary>
internal static partial class DomainName
{
    /// <summary>The name of a network's domain, in lower case.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string Require(string name, string parameter) =>
        name.Length <= 190 && name.Split('.').All(IsLabel)
            ? name.ToLowerInvariant()
            : throw Refusal.Parameter($"{parameter.ToLowerInvariant()} {name} is not a domain name: labels of letters, digits and dashes, joined by dots.");

    /// <summary>The name of a host: one label.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none (431).</exception>
    public static string RequireHost(string name, string parameter) =>
        IsLabel(name)
            ? name
            : throw Refusal.Parameter(
                $"{parameter.ToLowerInvariant()} {name} is not a host name: up to 63 letters, digits and dashes, a letter first, no dash last.");

    private static bool IsLabel(string label) => Label().IsMatch(label);

    [System.Text.RegularExpressions.GeneratedRegex("^[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$", System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex Label();
}
