namespace Stratiform.Management.Settings;

/// <summary>The settings of the API itself.</summary>
internal static class ApiSettings
{
    public static readonly Setting<int> MaxPageSize = new(
        "default.page.size", 500, "Most rows on a page of a list, and their number when no page is asked for")
    {
        Within = (1, 10_000),
        Group = "Management Server",
        Subgroup = "API",
    };

    public static readonly Setting<int> LoginAttempts = new(
        "incorrect.login.attempts.allowed", 5, "Wrong passwords in a row after which a user is disabled; 0 never disables")
    {
        Within = (0, 1_000),
        Group = "Access",
        Subgroup = "Login",
    };

    public static readonly Setting<int> SessionMinutes = new(
        "session.timeout", 30, "Minutes without a call after which a session ends")
    {
        Within = (1, 60 * 24),
        Group = "Access",
        Subgroup = "Login",
    };

    public static readonly Setting<bool> PublicTemplatesByUsers = new(
        "allow.public.user.templates", true, "Whether users may make their templates and ISOs public; administrators always may")
    {
        Group = "Access",
        Subgroup = "Account",
    };

    public static readonly Setting<string> JsonContentType = new(
        "json.content.type", "application/json; charset=UTF-8", "Content type of answers in JSON; some old clients want text/javascript")
    {
        OneOf = ["application/json; charset=UTF-8", "text/javascript; charset=UTF-8"],
        Group = "Management Server",
        Subgroup = "API",
    };

    public static readonly Setting<long> ConsolePageSize = new(
        "default.ui.page.size", 20, "Rows on a page of the console")
    {
        Within = (1, 500),
        Group = "Management Server",
        Subgroup = "API",
    };

    public static readonly Setting<int> IntegrationPort = new(
        "integration.api.port", 0, "Loopback port that asks for no proof: whoever reaches it acts as the cloud itself; 0 for none")
    {
        Within = (0, 65_535),
        Group = "Access",
        Subgroup = "API",
    };

    public static readonly Setting<bool> EnforcePost = new(
        "enforce.post.requests.and.timestamps", false,
        "Refuses commands that change something by GET, and signatures that never expire or expire later than in 15 minutes")
    {
        Group = "Access",
        Subgroup = "API",
    };

    public static readonly Setting<string> SessionKeyLocations = new(
        "api.sessionkey.check.locations", SessionKeyPlaces.Both, "Where the key of a session must stand in each of its calls")
    {
        OneOf = [SessionKeyPlaces.Both, SessionKeyPlaces.Either, SessionKeyPlaces.Parameter],
        Group = "Access",
        Subgroup = "API",
    };

    public static readonly Setting<bool> VersionInXml = new(
        "expose.cloudstack.version.api.xml.response", true, "Tells callers that have proved who they are the version in answers in XML")
    {
        Group = "Management Server",
        Subgroup = "API",
    };
}
