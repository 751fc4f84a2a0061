using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;
using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.Agent.Storage;

/// <summary>What a copy's process is told, in a file: a URL may carry secrets, which a command line would show.</summary>
internal sealed record FetchOrder
{
    public required string Source { get; init; }
    public required string Part { get; init; }
    public required string Checksum { get; init; }
    public required ImageFormat Format { get; init; }
    public required long MaxBytes { get; init; }
    public required long MaxVirtualSizeBytes { get; init; }

    /// <summary>Where the checksum of what came of it is written.</summary>
    public required string Result { get; init; }

    public IReadOnlyList<string> Forbidden { get; init; } = [];
    public IReadOnlyList<string> Allowed { get; init; } = [];
}

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
        var order = JsonSerializer.Deserialize<FetchOrder>(await File.ReadAllTextAsync(orderFile, ct), ProtocolJson.Options)!;
        var outcome = await FetchAsync(order, ct);
        if (outcome.End == FetchEnd.Done) outcome = await ImportAsync(order, ct);
        await errors.WriteAsync(outcome.Text);
        return (int)outcome.End;
    }

    private static async Task<FetchOutcome> FetchAsync(FetchOrder order, CancellationToken ct)
    {
        var source = new Uri(order.Source);
        return source.IsFile ? Copy(source.LocalPath, order.Part) : await new Fetcher(TimeProvider.System).RunAsync(new Fetch
        {
            Source = source,
            Part = order.Part,
            MaxBytes = order.MaxBytes,
            // What listens on this host is nobody's business.
            Forbidden = [.. order.Forbidden.Select(text => IPNetwork.Parse(text)), .. OfThisHost()],
            Allowed = [.. order.Allowed.Select(text => IPNetwork.Parse(text))],
        }, ct);
    }

    private static async Task<FetchOutcome> ImportAsync(FetchOrder order, CancellationToken ct)
    {
        try
        {
            if (Checksum.Parse(order.Checksum) is { } expected
                && await Checksum.OfFileAsync(order.Part, expected.Algorithm, ct) is var sum && sum != expected)
                return new(FetchEnd.Corrupt, $"it has the checksum {sum.Hex}, not {expected.Hex}");
            await ImageImport.RunAsync(order.Part, order.Format, order.MaxBytes, order.MaxVirtualSizeBytes, ct);
            await Shell.RunAsync("sync", [order.Part], ct: ct);
            var made = await Checksum.OfFileAsync(order.Part, HashAlgorithmName.SHA256, ct);
            await File.WriteAllTextAsync(order.Result, made.ToString(), ct);
            return new(FetchEnd.Done);
        }
        catch (InvalidDataException wrong)
        {
            return new(FetchEnd.Corrupt, wrong.Message);
        }
        catch (TooLargeException wrong)
        {
            return new(FetchEnd.TooLarge, wrong.Message);
        }
        catch (IOException full) when (full.HResult == Fetcher.OutOfSpace)
        {
            return new(FetchEnd.NoSpace, "the disk is full");
        }
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
