using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>What guests' network cards pass in each direction, Mbit/s; 0 stands for as much as there is.</summary>
internal static class Rates
{
    /// <summary>More than any card of a host has.</summary>
    public const int Most = 400_000;

    /// <summary>An offering's parameter; both 0 and -1 say that there is no limit.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It is no rate (431).</exception>
    public static int? Read(int? networkRate) => networkRate switch
    {
        -1 => 0,
        < 0 or > Most => throw Refusal.Parameter($"networkrate is in Mbit/s, at most {Most}; 0 is no limit."),
        _ => networkRate,
    };
}
