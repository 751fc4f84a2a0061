using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>What an offering's details may say.</summary>
internal static class OfferingDetails
{
    /// <summary>The name of what lets guests send as somebody else.</summary>
    public const string ForgedTransmits = "forgedtransmits";

    /// <summary>Whether guests may send as somebody else.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is another detail than this, or it is neither true nor false (431).</exception>
    public static bool ReadForgedTransmits(IReadOnlyDictionary<string, string> details)
    {
        if (details.Keys.FirstOrDefault(key => !key.Equals(ForgedTransmits, StringComparison.OrdinalIgnoreCase)) is { } other)
            throw Refusal.Parameter($"The detail {other} is not supported; there is {ForgedTransmits}.");
        if (!details.TryGetValue(ForgedTransmits, out var value)) return false;
        return bool.TryParse(value, out var forged) ? forged : throw Refusal.Parameter($"The detail {ForgedTransmits} is true or false, not {value}.");
    }
}
