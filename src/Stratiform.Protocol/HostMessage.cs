namespace Stratiform.Protocol;

/// <summary>
/// A message to one host's agent and the answer it gets. Sent as <c>POST messages/{type name}</c> with a JSON body.
/// A type named <c>Read…</c> changes nothing; <c>Ensure…</c> and <c>EnsureNo…</c> describe an end state and may be repeated.
/// </summary>
/// <typeparam name="TAnswer">The record that a successful call returns (HTTP 200).</typeparam>
public interface IHostMessage<TAnswer> where TAnswer : class;

/// <summary>A message that changes something of one subject: it travels with the subject and its fence in headers.</summary>
public interface IEnsure<TAnswer> : IHostMessage<TAnswer> where TAnswer : class;

/// <summary>Names of the wire that are not record members.</summary>
public static class Wire
{
    /// <summary>Header: <c>Kind/uuid</c> of the subject an <c>Ensure…</c> is about.</summary>
    public const string SubjectHeader = "Stratiform-Subject";
    /// <summary>The kind of subject under which what nobody owns any more is taken away; nothing is made under it.</summary>
    public const string Leftover = "Leftover";

    /// <summary>Header: the fence (a decimal number) of the workflow that sends. The agent refuses one lower than it obeyed before.</summary>
    public const string FenceHeader = "Stratiform-Fence";

    /// <summary>Path of a message below the agent's base address.</summary>
    public static string PathOf(Type message) => "messages/" + message.Name;

    /// <summary>Path of the stream of observations (server-sent events).</summary>
    public const string WatchPath = "watch";

    /// <summary>Path of the <see cref="Enrolment"/>.</summary>
    public const string EnrolPath = "enrol";
}

/// <summary>Why a host did not do what it was told.</summary>
public enum HostErrorCode
{
    /// <summary>The message cannot be understood or contradicts itself (HTTP 400).</summary>
    Invalid,

    /// <summary>Who asks has not proved that it may (HTTP 403).</summary>
    Forbidden,

    /// <summary>Something that the message builds on is not there: a pool, an image, a network (HTTP 404).</summary>
    NotFound,

    /// <summary>A later runner has spoken already (HTTP 409).</summary>
    StaleFence,

    /// <summary>No room on the pool or in the host's memory (HTTP 507).</summary>
    NoSpace,

    /// <summary>Content does not match its checksum or format (HTTP 422).</summary>
    Corrupt,

    /// <summary>This host lacks the ability (HTTP 501).</summary>
    Unsupported,

    /// <summary>A daemon is away or busy; the same message may succeed later (HTTP 503).</summary>
    Busy,

    /// <summary>The attempt failed for a reason of its own, told in the text (HTTP 500).</summary>
    Failed,

    /// <summary>This host does not reach what it was to read, and somebody else may (HTTP 502).</summary>
    Unreachable,
}

/// <summary>The body of every answer that is not HTTP 200.</summary>
/// <param name="Code">What kind of refusal.</param>
/// <param name="Text">One sentence for an operator: what failed and why. No secrets.</param>
public sealed record HostError(HostErrorCode Code, string Text);

/// <summary>An answer with nothing to say but that it is done.</summary>
public sealed record Done
{
    /// <summary>The only value.</summary>
    public static Done Instance { get; } = new();
}

/// <summary>How far a named job on a host is; it outlives the agent process that began it.</summary>
public enum HostWorkState
{
    /// <summary>Under way: ask again.</summary>
    Running,

    /// <summary>The end state holds.</summary>
    Done,

    /// <summary>It ended without reaching the end state; the next Ensure begins anew.</summary>
    Failed,
}
