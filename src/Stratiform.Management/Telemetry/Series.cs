using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Stratiform.Management.Telemetry;

/// <summary>
/// The values of the cloud's own instruments since the start, by their labels. Instruments of libraries are left to traces:
/// what is counted here is what an operator would ask for.
/// </summary>
internal sealed class Series : IDisposable
{
    /// <summary>Upper bounds of the histogram's buckets in seconds.</summary>
    public static readonly double[] Buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Values> _values = new();

    public Series()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CloudMeter.Name) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => Of(instrument, labels).Add(value));
        _listener.SetMeasurementEventCallback<double>((instrument, value, labels, _) => Of(instrument, labels).Add(value));
        _listener.Start();
    }

    /// <summary>Every instrument with its values, by name and labels.</summary>
    public IEnumerable<IGrouping<Instrument, (string Labels, Values Values)>> All() => _values
        .OrderBy(pair => pair.Key.Instrument.Name, StringComparer.Ordinal).ThenBy(pair => pair.Key.Labels, StringComparer.Ordinal)
        .GroupBy(pair => pair.Key.Instrument, pair => (pair.Key.Labels, pair.Value));

    public void Dispose() => _listener.Dispose();

    private Values Of(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var texts = new string[labels.Length];
        for (var i = 0; i < labels.Length; i++) texts[i] = string.Create(CultureInfo.InvariantCulture, $"{labels[i].Key}=\"{labels[i].Value}\"");
        return _values.GetOrAdd((instrument, string.Join(',', texts)), _ => new Values());
    }

    /// <summary>What one set of labels has come to.</summary>
    internal sealed class Values
    {
        private readonly Lock _lock = new();
        private readonly long[] _within = new long[Buckets.Length];

        public long Count { get; private set; }
        public double Sum { get; private set; }

        public void Add(double value)
        {
            lock (_lock)
            {
                Count++;
                Sum += value;
                for (var i = 0; i < Buckets.Length; i++)
                    if (value <= Buckets[i]) _within[i]++;
            }
        }

        /// <summary>How many values were at most the bucket's bound.</summary>
        public long Within(int bucket) => _within[bucket];
    }
}
