namespace Stratiform.Linux;

/// <summary>What libvirt complains of; the numbers are those of virErrorNumber.</summary>
public enum LibvirtErrorCode
{
    /// <summary>A failure without a number of its own: often what QEMU said when it ended.</summary>
    Internal = 1,

    /// <summary>The daemon cannot be reached.</summary>
    NoConnection = 5,

    /// <summary>The kernel refused something.</summary>
    System = 38,

    /// <summary>The connection to the daemon broke.</summary>
    Rpc = 39,

    /// <summary>There is no such domain.</summary>
    NoDomain = 42,

    /// <summary>The domain is in the wrong state for this.</summary>
    OperationInvalid = 55,

    /// <summary>Something took too long.</summary>
    Timeout = 68,

    /// <summary>The guest agent is not connected or does not answer.</summary>
    AgentUnresponsive = 86,
}

/// <summary>An error that libvirt told, with its number and text.</summary>
public sealed class LibvirtException(LibvirtErrorCode code, string text) : Exception(text)
{
    /// <summary>libvirt's number; may be one without a name here.</summary>
    public LibvirtErrorCode Code { get; } = code;
}
