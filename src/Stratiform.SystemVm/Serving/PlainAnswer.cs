using System.Net;

namespace Stratiform.SystemVm.Serving;

/// <summary>Answers that are no image: a status, and a sentence for people where there is something to say.</summary>
internal static class PlainAnswer
{
    /// <summary>Answers, or cuts off what has begun to be answered otherwise. The text is ASCII.</summary>
    public static async Task SayAsync(this HttpContext http, HttpStatusCode status, string text = "")
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = (int)status;
        if (status != HttpStatusCode.NoContent) http.Response.ContentLength = text.Length;
        if (text.Length == 0) return;
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.WriteAsync(text, http.RequestAborted);
    }
}
