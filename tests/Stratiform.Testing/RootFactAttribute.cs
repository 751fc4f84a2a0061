namespace Stratiform.Testing;

/// <summary>A test of what only root can do; skipped for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    /// <summary>Decides when the test is found.</summary>
    public RootFactAttribute()
    {
        if (!Environment.IsPrivilegedProcess) Skip = "Needs root.";
    }
}
