using System.Diagnostics;
using System.Text.Json.Nodes;
using Stratiform.Management.Telemetry;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>
/// One call of the API, from bytes to bytes: read the parameters, find the command, find out who asks, admit, bind, carry
/// out, write. This is the one place where what was thrown becomes an answer.
/// </summary>
internal sealed partial class ApiEndpoint(
    ApiCatalog catalog, Admission admission, CommandRun commands, AnswerWriter writer, CloudMeter meter, ILogger<ApiEndpoint> logger)
{
    public async Task ServeAsync(HttpContext http)
    {
        var ct = http.RequestAborted;
        var call = new ApiCall();
        var began = Stopwatch.GetTimestamp();
        using var span = CloudMeter.Spans.StartActivity("api");
        try
        {
            call.Request = await ApiRequest.ReadAsync(http.Request, ct);
            var body = await AnswerAsync(call, http, ct);
            await writer.WriteAsync(http.Response, call, body, StatusCodes.Status200OK, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Log.CallerLeft(logger, call.Name);
        }
        catch (Exception thrown)
        {
            var refusal = RefusalFor(thrown, call, http);
            http.Response.Headers["X-Description"] = HeaderText(refusal.Message);
            await writer.WriteAsync(http.Response, call, BodyOf(refusal), refusal.Code, ct);
        }
        span?.SetTag("command", call.Name);
        meter.Served(call.Name, http.Response.StatusCode, Stopwatch.GetElapsedTime(began));
    }

    private async Task<JsonObject> AnswerAsync(ApiCall call, HttpContext http, CancellationToken ct)
    {
        var named = catalog.Find(call.Request.Command);
        call.Command = named;
        if (named is { Declared.PostOnly: true } && call.Request.IsGet)
            throw new CloudException(StatusCodes.Status405MethodNotAllowed, "Please use HTTP POST to authenticate using this API", Refusal.NoClassCode);
        var caller = await IdentifyAsync(call, http, ct);
        call.Caller = caller with { Command = named?.Name ?? "" };
        var command = await admission.AdmitAsync(named, call.Request, call.Caller, ct);
        var record = Binder.Bind(command, call.Request, call.Caller);
        return await commands.RunAsync(command, record, call.Caller, ct);
    }

    private static Task<Caller> IdentifyAsync(ApiCall call, HttpContext http, CancellationToken ct)
    {
        var authentication = http.RequestServices.GetRequiredService<Authentication>();
        if (IntegrationListener.Serves(http)) return authentication.SystemAsync(ct);
        // A login must succeed whatever stale cookie comes with it.
        return call.Command is { IsAnonymous: true } ? Task.FromResult(Caller.Nobody) : authentication.IdentifyAsync(call.Request, ct);
    }

    private CloudException RefusalFor(Exception thrown, ApiCall call, HttpContext http)
    {
        if (thrown is CloudException refusal)
        {
            // What does not exist for the caller must not lend its name to the envelope.
            if (refusal.Code is StatusCodes.Status401Unauthorized && call.Command is null || refusal.Code == 432) call.Command = null;
            return refusal;
        }
        if (thrown is BadHttpRequestException bad) return new CloudException(bad.StatusCode, "The request cannot be read.", Refusal.NoClassCode);
        Log.Failed(logger, thrown, call.Name, http.TraceIdentifier);
        return Refusal.Internal(call.Caller.IsRootAdmin
            ? $"Internal error executing command {call.Name}; the server's log has the cause under {http.TraceIdentifier}"
            : "Internal error executing command, please contact your system administrator");
    }

    private static JsonObject BodyOf(CloudException refusal)
    {
        var body = new JsonObject { ["uuidList"] = new JsonArray(), ["errorcode"] = refusal.Code };
        if (refusal.ClassCode != Refusal.NoClassCode) body["cserrorcode"] = refusal.ClassCode;
        body["errortext"] = refusal.Message;
        return body;
    }

    private static string HeaderText(string text) => string.Concat(text.Select(c => c is >= ' ' and < (char)0x7F ? c : '?'));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Command} failed (request {Request})")]
        public static partial void Failed(ILogger logger, Exception thrown, string command, string request);

        [LoggerMessage(2, LogLevel.Debug, "The caller of {Command} left before the answer")]
        public static partial void CallerLeft(ILogger logger, string command);
    }
}
