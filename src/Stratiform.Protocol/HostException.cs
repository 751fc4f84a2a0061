namespace Stratiform.Protocol;

/// <summary>Why a host, or a worker on it, does not do what it was told; becomes a <see cref="HostError"/> on the wire.</summary>
/// <param name="code">What kind of refusal.</param>
/// <param name="text">One sentence for an operator.</param>
public sealed class HostException(HostErrorCode code, string text) : Exception(text)
{
    /// <summary>What kind of refusal.</summary>
    public HostErrorCode Code { get; } = code;

    /// <summary>The body of the answer.</summary>
    public HostError ToError() => new(Code, Message);
}
