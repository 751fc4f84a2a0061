namespace Stratiform.SystemVm;

/// <summary>Logs as lines on the console of the VM, which is all that is left of it when something went wrong.</summary>
/// <param name="to">The console.</param>
internal sealed class LineLoggers(TextWriter to) : ILoggerProvider
{
    /// <summary>Loggers that tell of warnings, and of what this program finds worth telling.</summary>
    public static ILoggerFactory Factory(TextWriter to) =>
        new LoggerFactory([new LineLoggers(to)], new LoggerFilterOptions { MinLevel = LogLevel.Warning });

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Lines(to);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The console is not ours.
    }

    private sealed class Lines(TextWriter to) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) to.WriteLine($"worker: {formatter(state, exception)}{(exception is null ? "" : "\n" + exception)}");
        }
    }
}
