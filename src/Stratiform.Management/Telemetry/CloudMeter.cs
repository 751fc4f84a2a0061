using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Stratiform.Management.Telemetry;

/// <summary>What the server counts. No label comes from a caller: commands are the catalogue's names, codes are ours.</summary>
internal sealed class CloudMeter : IDisposable
{
    public const string Name = "Stratiform";

    /// <summary>Spans of commands, for traces.</summary>
    public static readonly ActivitySource Spans = new(Name);

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _seconds;

    public CloudMeter()
    {
        _requests = _meter.CreateCounter<long>("stratiform_api_requests", description: "Calls of the API by command and by code of the answer");
        _seconds = _meter.CreateHistogram<double>("stratiform_api_request_seconds", "s", "Time from the call to the end of its answer");
    }

    /// <summary>Counts one call.</summary>
    public void Served(string command, int code, TimeSpan took)
    {
        _requests.Add(1, new("command", command), new("code", code));
        _seconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("command", command));
    }

    public void Dispose() => _meter.Dispose();
}
