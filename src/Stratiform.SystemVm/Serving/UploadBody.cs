using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Stratiform.SystemVm.Serving;

/// <summary>Finds the file in what a browser or another client sends: the first one of a form, or the body itself.</summary>
internal static class UploadBody
{
    /// <summary>What a form adds to the file in it, at most.</summary>
    public const long FormBytes = 64 << 10;

    private const int LongestBoundary = 200;

    /// <summary>Whether it is sent as a form.</summary>
    public static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">It is no form.</exception>
    public static async Task<Stream?> FileAsync(HttpRequest request, CancellationToken ct)
    {
        if (!IsForm(request)) return request.Body;
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).ToString() : "";
        if (boundary.Length is 0 or > LongestBoundary) throw new InvalidDataException("The form has no boundary.");
        var form = new MultipartReader(boundary, request.Body);
        while (await form.ReadNextSectionAsync(ct) is { } part)
        {
            var isFile = ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var says) && says.IsFileDisposition();
            if (isFile) return part.Body;
            // What else a form holds is small.
            if (part.Body.CanSeek is false && await IsLongAsync(part.Body, ct)) throw new InvalidDataException("The form has a long field before its file.");
        }
        return null;
    }

    private static async Task<bool> IsLongAsync(Stream field, CancellationToken ct)
    {
        var buffer = new byte[4096];
        var total = 0;
        while (total <= FormBytes && await field.ReadAsync(buffer, ct) is var read and > 0) total += read;
        return total > FormBytes;
    }
}
