using Stratiform.Protocol;

namespace Stratiform.Simulator;

/// <summary>What goes wrong on simulated hosts.</summary>
public enum FaultKind
{
    /// <summary>The message is obeyed after a delay.</summary>
    Delay,

    /// <summary>The message is answered with an error and not obeyed.</summary>
    Refuse,

    /// <summary>The message is obeyed, but the connection breaks instead of the answer.</summary>
    LoseAnswer,

    /// <summary>The message is held before it is obeyed, until the fault is withdrawn.</summary>
    Hold,

    /// <summary>The connection breaks and the message is not obeyed.</summary>
    Disconnect,

    /// <summary>The host loses its power: at once, or when the given message arrives. It is back when the fault is withdrawn.</summary>
    Die,

    /// <summary>Nothing new fits on the host's pools until the fault is withdrawn.</summary>
    FullDisk,
}

/// <summary>An order to let something go wrong.</summary>
public sealed record Fault
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>On which host, from 1; null for all.</summary>
    public int? Host { get; init; }

    /// <summary>For which message, e.g. <c>EnsureDomain</c> (<c>watch</c> for the stream); null for all messages.</summary>
    public string? Message { get; init; }

    /// <summary>How often; null until it is withdrawn.</summary>
    public int? Times { get; init; }

    /// <summary>How long to delay, milliseconds.</summary>
    public int DelayMs { get; init; }

    /// <summary>The error to refuse with.</summary>
    public HostErrorCode Code { get; init; } = HostErrorCode.Failed;

    /// <summary>The text to refuse with.</summary>
    public string Text { get; init; } = "The simulator was told to refuse this.";
}
