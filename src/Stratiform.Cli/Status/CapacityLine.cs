using System.Globalization;
using System.Text.Json;
using Stratiform.Cli.Output;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Status;

/// <summary>One kind of capacity, named and measured by CloudStack's type numbers (com.cloud.capacity.Capacity).</summary>
internal sealed record CapacityLine(string Text, bool IsScarce)
{
    private const double ScarcePercent = 90;

    public static CapacityLine? Of(JsonElement capacity)
    {
        if (!double.TryParse(capacity.Text("capacitytotal"), CultureInfo.InvariantCulture, out var total) || total <= 0)
            return null;
        _ = double.TryParse(capacity.Text("capacityused"), CultureInfo.InvariantCulture, out var used);
        var (name, isBytes) = capacity.Number("type") switch
        {
            0 => ("memory", true),
            1 => ("cpu MHz", false),
            2 => ("storage", true),
            3 => ("storage allocated", true),
            4 => ("public addresses", false),
            5 => ("management addresses", false),
            6 => ("secondary storage", true),
            7 => ("VLANs", false),
            8 => ("shared addresses", false),
            9 => ("local storage", true),
            19 => ("GPUs", false),
            90 => ("cpu cores", false),
            _ => (capacity.Text("name") ?? "other", false),
        };
        var percent = used / total * 100;
        var amounts = isBytes
            ? $"{Sizes.OfBytes(used)} of {Sizes.OfBytes(total)}"
            : string.Create(CultureInfo.InvariantCulture, $"{used:0} of {total:0}");
        var where = (capacity.Text("clustername") ?? capacity.Text("zonename")) is { } place ? $" in {place}" : "";
        var text = string.Create(CultureInfo.InvariantCulture, $"{name}: {amounts} ({percent:0} %){where}");
        return new(text, percent >= ScarcePercent);
    }
}
