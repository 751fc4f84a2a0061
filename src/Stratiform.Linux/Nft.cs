namespace Stratiform.Linux;

/// <summary>The packet filter of one network namespace, through nftables.</summary>
/// <param name="namespaceOf">A process whose network namespace is meant; null for our own.</param>
public sealed class Nft(int? namespaceOf = null)
{
    /// <summary>Runs commands of nftables as one change: all of them hold, or none.</summary>
    /// <exception cref="ShellException">They were refused; the message has nft's words.</exception>
    public async Task ApplyTextAsync(string ruleset, CancellationToken ct)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, ruleset, ct);
            await RunAsync(["-f", file], ct);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>As the other one, for what is short.</summary>
    /// <exception cref="ShellException">They were refused; the message has nft's words.</exception>
    public Task ApplyAsync(string commands, CancellationToken ct) => RunAsync([commands], ct);

    private Task<string> RunAsync(string[] arguments, CancellationToken ct) => namespaceOf is { } pid
        ? Shell.RunAsync("nsenter", ["--target", $"{pid}", "--net", "nft", .. arguments], ct: ct)
        : Shell.RunAsync("nft", arguments, ct: ct);
}
