using Stratiform.Workflows.Tests.Cloud;

namespace Stratiform.Workflows.Tests.Scenarios;

/// <summary>A situation in which a workflow is asked for. The laws need no more than this of each workflow.</summary>
internal abstract class Scenario
{
    public string Name => GetType().Name;

    /// <summary>The workflow.</summary>
    public abstract Type Workflow { get; }

    /// <summary>How many hosts it plays on.</summary>
    public virtual int Hosts => 1;

    /// <summary>True for what takes away: when it fails, what is gone may be gone.</summary>
    public virtual bool TakesAway => false;

    /// <summary>First words of lines that may be in the footprint of a failed run: what children ensured for many.</summary>
    public virtual IReadOnlyList<string> Shared => [];

    /// <summary>Makes the situation.</summary>
    public abstract Task ArrangeAsync(SmallZone zone);

    /// <summary>What to ask for, in this or another scenario's situation; null when it makes no sense there.</summary>
    public abstract Order? OrderIn(SmallZone zone);

    /// <summary>What must hold of the footprint after success.</summary>
    public abstract void Check(Footprint after);

    public override string ToString() => Name;
}

/// <summary>A scenario of one workflow.</summary>
internal abstract class Scenario<TWorkflow> : Scenario where TWorkflow : Workflow
{
    public sealed override Type Workflow => typeof(TWorkflow);
}
