using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Stratiform.Management.Tests.Api;

/// <summary>Keeps what the server logs, so that a failing test can show it.</summary>
public sealed class LogKeeper : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel)) Errors.Enqueue(formatter(state, exception) + Environment.NewLine + exception);
    }

    public void Dispose() { }
}
