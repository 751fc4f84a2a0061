namespace Stratiform.Management.Api;

/// <summary>The version that clients compare with what they know.</summary>
internal static class CloudVersion
{
    public const string OnTheWire = "4.22.0.0";
}
