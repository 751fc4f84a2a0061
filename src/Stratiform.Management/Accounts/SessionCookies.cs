namespace Stratiform.Management.Accounts;

/// <summary>The two cookies of a session, read from the call that is being served and written to its answer.</summary>
internal sealed class SessionCookies(IHttpContextAccessor http)
{
    public const string TokenName = "JSESSIONID";
    public const string KeyName = "sessionkey";

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("Sessions are opened by calls over HTTP.");

    /// <summary>What the browser sent.</summary>
    public string? Token => Context.Request.Cookies[TokenName];

    /// <summary>What the browser sent.</summary>
    public string? Key => Context.Request.Cookies[KeyName];

    public void Set(SessionTokens tokens)
    {
        Context.Response.Cookies.Append(TokenName, tokens.Token, Options("/client"));
        Context.Response.Cookies.Append(KeyName, tokens.Key, Options("/"));
    }

    public void Clear()
    {
        Context.Response.Cookies.Delete(TokenName, Options("/client"));
        Context.Response.Cookies.Delete(KeyName, Options("/"));
    }

    private CookieOptions Options(string path) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = path, Secure = Context.Request.IsHttps };
}
