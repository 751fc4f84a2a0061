using System.ComponentModel;

namespace Stratiform.Management.Api;

/// <summary>How a mere success looks on the wire.</summary>
internal sealed record Succeeded
{
    [Description("True: whatever fails is answered with an error instead")]
    public bool Success { get; init; } = true;

    [Description("A remark, if there is one")]
    public string? DisplayText { get; init; }
}
