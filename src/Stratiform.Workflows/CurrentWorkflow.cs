namespace Stratiform.Workflows;

/// <summary>The workflow whose step runs in this scope: whoever talks to hosts takes fence and subjects from here.</summary>
public sealed class CurrentWorkflow
{
    /// <summary>Its row; null outside of steps.</summary>
    public WorkflowRow? Row { get; internal set; }

    /// <summary>The fence under which its messages go out.</summary>
    /// <param name="subject">What the message is about.</param>
    /// <exception cref="InvalidOperationException">No workflow runs here, or it does not hold the subject: a bug in a plan.</exception>
    public long FenceFor(Subject subject)
    {
        if (Row is null) throw new InvalidOperationException($"Only a step of a workflow may change {subject} on a host.");
        var text = subject.ToString();
        return Row.Subjects.Contains(text) || Row.Inherited.Contains(text)
            ? Row.Fence
            : throw new InvalidOperationException($"The workflow {Row.Kind} {Row.Id} does not hold {subject}.");
    }
}
