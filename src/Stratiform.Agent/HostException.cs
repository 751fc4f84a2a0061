using Stratiform.Protocol;

namespace Stratiform.Agent;

/// <summary>Why the host does not do what it was told; becomes a <see cref="HostError"/> on the wire.</summary>
public sealed class HostException(HostErrorCode code, string text) : Exception(text)
{
    /// <summary>What kind of refusal.</summary>
    public HostErrorCode Code { get; } = code;

    /// <summary>The body of the answer.</summary>
    public HostError ToError() => new(Code, Message);
}
