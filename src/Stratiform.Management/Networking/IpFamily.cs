using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>Which addresses networks have.</summary>
internal static class IpFamily
{
    /// <summary>The one there is, in the API's words.</summary>
    public const string Only = "IPv4";

    /// <summary>Refuses another one.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is none that networks have (431).</exception>
    public static void Require(string? said)
    {
        if (said is not null && !said.Equals(Only, StringComparison.OrdinalIgnoreCase))
            throw Refusal.Parameter($"internetprotocol {said} is not supported; networks have {Only}.");
    }
}
