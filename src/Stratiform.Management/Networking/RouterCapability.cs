using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>Whether an offering's networks or VPCs have two routers: a capability of their source NAT, in the API's words.</summary>
internal static class RouterCapability
{
    public const string Name = "RedundantRouter";

    /// <summary>Reads it of what clients say of capabilities.</summary>
    /// <param name="capabilities">Entries of service, capabilitytype and capabilityvalue; others than this are no business of it.</param>
    /// <param name="services">Services of the offering.</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It is neither true nor false, or nothing there has the guests' way out (431).</exception>
    public static bool Read(IReadOnlyList<IReadOnlyDictionary<string, string>>? capabilities, IReadOnlyCollection<string> services)
    {
        var said = (capabilities ?? [])
            .Where(Is).Select(c => c.GetValueOrDefault("capabilityvalue") ?? "").FirstOrDefault();
        if (said is null) return false;
        if (!bool.TryParse(said, out var isRedundant)) throw Refusal.Parameter($"{Name} is true or false, not {said}.");
        if (isRedundant && !services.Contains(NetworkServices.SourceNat))
            throw Refusal.Parameter($"Two routers take turns as their guests' way out; add {NetworkServices.SourceNat} to supportedservices, or leave {Name} out.");
        return isRedundant;
    }

    /// <summary>Whether an entry is of it.</summary>
    public static bool Is(IReadOnlyDictionary<string, string> entry) => Is(entry, "service", NetworkServices.SourceNat) && Is(entry, "capabilitytype", Name);

    private static bool Is(IReadOnlyDictionary<string, string> entry, string key, string value) =>
        entry.TryGetValue(key, out var given) && given.Equals(value, StringComparison.OrdinalIgnoreCase);
}
