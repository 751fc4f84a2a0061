using System.Globalization;

namespace Stratiform.Cli.Output;

/// <summary>Amounts of memory and disk as people say them.</summary>
internal static class Sizes
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    public static string OfBytes(double bytes)
    {
        var unit = 0;
        for (; Math.Abs(bytes) >= 1024 && unit < Units.Length - 1; unit++)
            bytes /= 1024;
        return bytes.ToString(bytes >= 10 || bytes == Math.Floor(bytes) ? "0 " : "0.0 ", CultureInfo.InvariantCulture) + Units[unit];
    }
}
