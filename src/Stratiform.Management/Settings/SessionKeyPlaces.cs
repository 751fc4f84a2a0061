namespace Stratiform.Management.Settings;

/// <summary>The values of <see cref="ApiSettings.SessionKeyLocations"/>.</summary>
internal static class SessionKeyPlaces
{
    public const string Both = "CookieAndParameter";
    public const string Either = "CookieOrParameter";
    public const string Parameter = "ParameterOnly";
}
