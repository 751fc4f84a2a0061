using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json;
using Stratiform.Protocol;
using Stratiform.Transfers;

namespace Stratiform.Agent.Storage;

/// <summary>What a copy's process is told, in a file: a URL may carry secrets, which a command line would show.</summary>
internal sealed record FetchOrder
{
    public required string Source { get; init; }
    public required string Part { get; init; }
    public required long MaxBytes { get; init; }
    public IReadOnlyList<string> Forbidden { get; init; } = [];
    public IReadOnlyList<string> Allowed { get; init; } = [];
}

/// <summary>
/// <c>Stratiform.Agent fetch ORDER</c>: brings the bytes of an image to a pool, in a process that outlives the agent. The exit code tells how
/// it ended, standard error why.
/// </summary>
internal static class FetchCommand
{
    /// <summary>How to run it in a process of its own.</summary>
    public static IReadOnlyList<string> Program { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(FetchCommand).Assembly.Location]
        : [Environment.ProcessPath!];

    public static int ExitCodeOf(FetchEnd end) => (int)end;

    public static async Task<int> RunAsync(string orderFile, TextWriter errors, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize<FetchOrder>(await File.ReadAllTextAsync(orderFile, ct), ProtocolJson.Options)!;
        var source = new Uri(order.Source);
        var outcome = source.IsFile ? Copy(source.LocalPath, order.Part) : await new Fetcher(TimeProvider.System).RunAsync(new Fetch
        {
            Source = source,
            Part = order.Part,
            MaxBytes = order.MaxBytes,
            // What listens on this host is nobody's business.
            Forbidden = [.. order.Forbidden.Select(text => IPNetwork.Parse(text)), .. OfThisHost()],
            Allowed = [.. order.Allowed.Select(text => IPNetwork.Parse(text))],
        }, ct);
        await errors.WriteAsync(outcome.Text);
        return ExitCodeOf(outcome.End);
    }

    private static IEnumerable<IPNetwork> OfThisHost() =>
        from device in NetworkInterface.GetAllNetworkInterfaces()
        from own in device.GetIPProperties().UnicastAddresses
        select new IPNetwork(own.Address, 8 * own.Address.GetAddressBytes().Length);

    // Shares blocks where the file system can.
    private static FetchOutcome Copy(string from, string to)
    {
        try
        {
            File.Copy(from, to, overwrite: true);
            return new(FetchEnd.Done);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(FetchEnd.NotThere, "there is no such file");
        }
        catch (IOException full) when (full.HResult == Fetcher.OutOfSpace)
        {
            return new(FetchEnd.NoSpace, "the disk is full");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            return new(FetchEnd.Failed, broken.Message);
        }
    }
}
