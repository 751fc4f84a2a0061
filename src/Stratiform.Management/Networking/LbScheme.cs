using Stratiform.Management.Api;
using Stratiform.Management.Infrastructure;

namespace Stratiform.Management.Networking;

/// <summary>Where the load balancers of an offering's networks listen: at public addresses or, in tiers of VPCs, within.</summary>
internal static class LbScheme
{
    private const string Internal = "internal";

    /// <summary>Whether an entry of a list of providers gives load balancers within tiers.</summary>
    public static bool IsInternal(IReadOnlyDictionary<string, string> entry) => IsOfLb(entry)
        && entry.TryGetValue("provider", out var provider) && provider.Equals(NetworkServiceProvider.InternalLb, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads it of what clients say of providers and of capabilities; either is enough.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is neither, they contradict each other, or the networks are no tiers (431).</exception>
    public static bool ReadInternal(
        IReadOnlyList<IReadOnlyDictionary<string, string>>? providers, IReadOnlyList<IReadOnlyDictionary<string, string>>? capabilities, bool forVpc)
    {
        bool? byProvider = (providers ?? []).Where(p => IsOfLb(p) && p.ContainsKey("provider")).Select(p => (bool?)IsInternal(p)).FirstOrDefault();
        var said = (capabilities ?? []).Where(IsOfLb)
            .Where(c => c.GetValueOrDefault("capabilitytype")?.Equals("lbSchemes", StringComparison.OrdinalIgnoreCase) == true)
            .Select(c => c.GetValueOrDefault("capabilityvalue") ?? "").FirstOrDefault();
        bool? byCapability = said is null ? null : said.Trim().ToLowerInvariant() switch
        {
            Internal => true,
            "public" => false,
            _ => throw Refusal.Parameter($"lbSchemes {said} is not supported; a network's load balancers are public or internal."),
        };
        if (byProvider is { } of && byCapability is { } by && of != by)
        {
            throw Refusal.Parameter($"lbSchemes {said} is not what the provider of {NetworkServices.Lb} gives; "
                + $"{NetworkServiceProvider.InternalLb} gives internal ones, {NetworkServices.VpcProvider} public ones.");
        }
        var isInternal = byProvider ?? byCapability ?? false;
        return !isInternal || forVpc ? isInternal : throw Refusal.Parameter("Internal load balancers are within VPCs; use forvpc=true.");
    }

    private static bool IsOfLb(IReadOnlyDictionary<string, string> entry) =>
        entry.TryGetValue("service", out var service) && service.Equals(NetworkServices.Lb, StringComparison.OrdinalIgnoreCase);
}
