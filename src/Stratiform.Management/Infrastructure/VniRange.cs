using System.Globalization;
using Stratiform.Management.Api;

namespace Stratiform.Management.Infrastructure;

/// <summary>A range of virtual networks' numbers as clients write it: first-last.</summary>
/// <param name="First">The first number.</param>
/// <param name="Last">The last number.</param>
internal readonly record struct VniRange(int First, int Last)
{
    /// <summary>Reads first-last.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is no such range (431).</exception>
    public static VniRange Read(string text)
    {
        var ends = text.Split('-');
        return ends.Length == 2
            && int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            && first >= 1 && first <= last && last < 1 << 24
            ? new(first, last)
            : throw Refusal.Parameter($"vlan {text} is not a range of VXLAN numbers such as 1000-1999, between 1 and 16777215.");
    }
}
