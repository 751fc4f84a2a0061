using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Stratiform.Host.Tests;

/// <summary>A web server on loopback with one image, a page, and answers that are none.</summary>
internal sealed class SmallWeb(WebApplication server) : IAsyncDisposable
{
    public string Url(string name) => $"{server.Urls.Single()}/{name}";

    public static async Task<SmallWeb> StartAsync(byte[] image)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.MapGet("/sound", () => Results.Bytes(image));
        server.MapGet("/page", () => Results.Text("<html>not an image</html>", "text/html"));
        server.MapGet("/broken", () => Results.StatusCode(StatusCodes.Status403Forbidden));
        await server.StartAsync(CancellationToken.None);
        return new SmallWeb(server);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
