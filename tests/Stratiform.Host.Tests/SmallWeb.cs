using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stratiform.Host.Tests;

/// <summary>A web server on loopback with one image, a page, and answers that are none; it also takes what has the right signature.</summary>
internal sealed class SmallWeb(WebApplication server) : IAsyncDisposable
{
    /// <summary>Folder where what is posted is kept, a file for each.</summary>
    public string? Posted { get; private init; }

    public string Url(string name) => $"{server.Urls.Single()}/{name}";

    public static async Task<SmallWeb> StartAsync(byte[] image, string? posted = null, string signature = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/sound", () => Results.Bytes(image));
        server.MapGet("/page", () => Results.Text("<html>not an image</html>", "text/html"));
        server.MapGet("/broken", () => Results.StatusCode(StatusCodes.Status403Forbidden));
        server.MapPost("/upload", async (HttpContext http) =>
        {
            if (posted is null || http.Request.Headers["X-signature"] != signature)
            {
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                await http.Response.WriteAsync("This is no upload link of ours.\n", http.RequestAborted);
                return;
            }
            await using var file = File.Create(Path.Combine(posted, $"{Guid.CreateVersion7()}.qcow2"));
            await http.Request.Body.CopyToAsync(file, http.RequestAborted);
        });
        await server.StartAsync(CancellationToken.None);
        return new SmallWeb(server) { Posted = posted };
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
