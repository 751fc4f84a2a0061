namespace Stratiform.Management.Database;

/// <summary>The version of this server.</summary>
internal static class ServerVersion
{
    /// <summary>Three numbers.</summary>
    public static string Current { get; } = typeof(ServerVersion).Assembly.GetName().Version!.ToString(3);
}
