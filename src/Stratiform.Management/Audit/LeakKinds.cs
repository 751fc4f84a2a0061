namespace Stratiform.Management.Audit;

/// <summary>The kinds of things outside of the database that the audit compares with it.</summary>
internal static class LeakKinds
{
    public const string Domain = "domain";
    public const string Network = "network";
    public const string Volume = "volume";
    public const string Image = "image";

    public static IReadOnlyList<string> All { get; } = [Domain, Network, Volume, Image];
}
