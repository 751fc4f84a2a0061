using System.Net;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Transfers;

namespace Stratiform.Agent.Storage;

/// <summary>
/// <c>Stratiform.Agent send ORDER</c>: makes one image of a volume and what it is a clone of, and posts it to a worker, in a process that
/// outlives the agent. The exit code tells how it ended, standard error why.
/// </summary>
internal static class SendCommand
{
    private const string NoSpace = "No space left on device";
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(5);

    public static async Task<int> RunAsync(string orderFile, TextWriter errors, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize(await File.ReadAllTextAsync(orderFile, ct), OrderJson.Default.SendOrder)!;
        try
        {
            var outcome = await SendAsync(order, ct);
            await errors.WriteAsync(outcome.Text);
            return (int)outcome.End;
        }
        finally
        {
            File.Delete(order.Part);
        }
    }

    private static async Task<FetchOutcome> SendAsync(SendOrder order, CancellationToken ct)
    {
        try
        {
            await QemuImg.FlattenAsync(order.Volume, order.Part, ct);
            return await PostAsync(order, ct);
        }
        catch (ShellException full) when (full.Message.Contains(NoSpace, StringComparison.Ordinal))
        {
            return new(FetchEnd.NoSpace, "the disk is full");
        }
        catch (ShellException broken)
        {
            return new(FetchEnd.Corrupt, broken.Message);
        }
        catch (Exception away) when (away is HttpRequestException or IOException)
        {
            return new(FetchEnd.Failed, $"the worker cannot be reached, or broke off: {away.Message}");
        }
    }

    private static async Task<FetchOutcome> PostAsync(SendOrder order, CancellationToken ct)
    {
        using var web = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(20),
            UseCookies = false,
            UseProxy = false,
        });
        await using var part = File.OpenRead(order.Part);
        using var sent = new StreamContent(part, 256 << 10);
        using var request = new HttpRequestMessage(HttpMethod.Post, order.To.Url) { Content = sent };
        request.Headers.Add("X-metadata", order.To.Metadata);
        request.Headers.Add("X-expires", order.To.Expires);
        request.Headers.Add("X-signature", order.To.Signature);
        using var answer = await web.SendAsync(request, ct);
        if (answer.StatusCode == HttpStatusCode.OK) return new(FetchEnd.Done);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(AnswerWithin);
        var words = (await answer.Content.ReadAsStringAsync(limit.Token)).Split('\n')[0];
        return new(FetchEnd.Forbidden, $"the worker answered {(int)answer.StatusCode}: {words}");
    }
}
