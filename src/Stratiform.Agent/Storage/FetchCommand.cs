using System.Text.Json;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>What a copy's process is told, in a file: a URL may carry secrets, which a command line would show.</summary>
/// <param name="Image">What it brings.</param>
/// <param name="Result">Where the checksum of what came of it is written.</param>
internal sealed record FetchOrder(ImageOrder Image, string Result);

/// <summary>
/// <c>Stratiform.Agent fetch ORDER</c>: brings an image to a pool and makes it one of ours, in a process that outlives the agent. The exit
/// code tells how it ended, standard error why.
/// </summary>
internal static class FetchCommand
{
    /// <summary>How to run it in a process of its own.</summary>
    public static IReadOnlyList<string> Program { get; } = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, typeof(FetchCommand).Assembly.Location]
        : [Environment.ProcessPath!];

    public static async Task<int> RunAsync(string orderFile, TextWriter errors, CancellationToken ct)
    {
        var order = JsonSerializer.Deserialize(await File.ReadAllTextAsync(orderFile, ct), OrderJson.Default.FetchOrder)!;
        var (outcome, made) = await new ImageFetch(TimeProvider.System).RunAsync(order.Image, ct: ct);
        if (made is not null) await File.WriteAllTextAsync(order.Result, made.ToString(), ct);
        await errors.WriteAsync(outcome.Text);
        return (int)outcome.End;
    }
}
