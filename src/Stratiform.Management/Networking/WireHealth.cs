using System.Text.RegularExpressions;
using Stratiform.Management.Api;

namespace Stratiform.Management.Networking;

/// <summary>What a health check policy may be: it ends up in a configuration.</summary>
internal static partial class WireHealth
{
    private const int LongestAnswer = 60;
    private const int LongestInterval = 20940;
    private const int MostTimes = 100;

    /// <summary>A policy with what was sent, where something was.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">Something is out of its bounds (431).</exception>
    public static HealthCheck With(this HealthCheck check, IHealthParameters sent) => check with
    {
        PingPath = sent.PingPath is { Length: > 0 } path ? Path(path) : check.PingPath,
        ResponseSeconds = Within(sent.ResponseTimeout, "responsetimeout", LongestAnswer) ?? check.ResponseSeconds,
        IntervalSeconds = Within(sent.IntervalTime, "intervaltime", LongestInterval) ?? check.IntervalSeconds,
        Healthy = Within(sent.HealthyThreshold, "healthythreshold", MostTimes) ?? check.Healthy,
        Unhealthy = Within(sent.UnhealthyThreshold, "unhealthythreshold", MostTimes) ?? check.Unhealthy,
    };

    private static int? Within(int? value, string parameter, int most) => value is null or >= 1 && !(value > most)
        ? value
        : throw Refusal.Parameter($"{parameter} cannot be {value}; it is 1 to {most}.");

    private static string Path(string path) => PathText().IsMatch(path)
        ? path
        : throw Refusal.Parameter("pingpath is a path such as /health?full=1: it begins with a slash and has letters, digits and -._~/?&=%+:@,;!*().");

    [GeneratedRegex("^/[A-Za-z0-9._~/?&=%+:@,;!*()-]{0,254}\\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PathText();
}

/// <summary>The parameters in which commands say how members are looked after.</summary>
internal interface IHealthParameters
{
    string? PingPath { get; }
    int? ResponseTimeout { get; }
    int? IntervalTime { get; }
    int? HealthyThreshold { get; }
    int? UnhealthyThreshold { get; }
}
