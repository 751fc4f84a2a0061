namespace Stratiform.Management.Api;

/// <summary>What is known of a call so far, so that an error at any point is answered in the caller's format and envelope.</summary>
internal sealed class ApiCall
{
    public ApiRequest Request { get; set; } = new("GET");
    public ApiCommand? Command { get; set; }
    public Caller Caller { get; set; } = Caller.Nobody;

    /// <summary>A name that came from the catalogue, never from the caller.</summary>
    public string Name => Command?.Name ?? "unknown";

    public string Envelope => Command?.Envelope ?? "errorresponse";
}
