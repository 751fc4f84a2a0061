namespace Stratiform.Workflows;

/// <summary>
/// A refusal that someone asked for and will read: it says why, and what to do next. In a step it undoes the workflow and
/// becomes the job's error; in a command it becomes the answer.
/// </summary>
/// <param name="code">The error code of the API, which is also the HTTP status (430, 431, 530, 533 …).</param>
/// <param name="text">One or two sentences for the caller. No secrets, nothing that the caller may not know.</param>
/// <param name="classCode">The finer code (<c>cserrorcode</c>) that some clients read; 9999 is the usual one.</param>
public class CloudException(int code, string text, int classCode = 9999) : Exception(text)
{
    /// <summary>The error code of the API.</summary>
    public int Code { get; } = code;

    /// <summary>The finer code.</summary>
    public int ClassCode { get; } = classCode;
}

/// <summary>
/// Something is away that may come back (an agent, a daemon): the same step runs again with back-off until its deadline.
/// </summary>
/// <param name="text">What is away, for the job's error should the deadline pass.</param>
/// <param name="inner">What was thrown.</param>
public sealed class TransientException(string text, Exception? inner = null) : Exception(text, inner);
