namespace Stratiform.Management.Api;

/// <summary>What the composition of the process tells the API.</summary>
public sealed class ApiOptions
{
    /// <summary>Assemblies with further commands: tests bring some of their own.</summary>
    public IList<System.Reflection.Assembly> MoreCommands { get; } = [];
}
