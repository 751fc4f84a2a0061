namespace Stratiform.Management.Api;

/// <summary>What the composition of the process tells the API.</summary>
public sealed class ApiOptions
{
    /// <summary>The port of the listener that asks for no proof; 0 for none.</summary>
    public int IntegrationPort { get; set; }

    /// <summary>Assemblies with further commands: tests bring some of their own.</summary>
    public IList<System.Reflection.Assembly> MoreCommands { get; } = [];
}
