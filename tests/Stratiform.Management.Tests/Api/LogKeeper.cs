using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stratiform.Management.Tests.Api;

/// <summary>Keeps what the server logs, so that a failing test can show it.</summary>
public sealed class LogKeeper : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>Everything that is logged at any level, for tests that ask; null keeps nothing but errors.</summary>
    public ConcurrentQueue<string>? Lines { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || Lines is not null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = formatter(state, exception) + Environment.NewLine + exception;
        Lines?.Enqueue(line);
        if (logLevel >= LogLevel.Error) Errors.Enqueue(line);
    }

    public void Dispose() { }
}
