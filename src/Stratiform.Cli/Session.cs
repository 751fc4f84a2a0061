using System.CommandLine;
using Stratiform.Cli.Output;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli;

/// <summary>One run of one command: what was asked, by whom, and the cloud it is asked of, connected when first needed.</summary>
internal sealed class Session(Surroundings here, GlobalOptions options, ParseResult parsed) : IDisposable
{
    private CloudClient? _cloud;

    public Surroundings Here => here;

    public Terminal Terminal => here.Terminal;

    public ParseResult Parsed => parsed;

    public bool WantsJson => parsed.GetValue(options.Json);

    public bool Waits => !parsed.GetValue(options.NoWait);

    public CloudClient Cloud => _cloud ??= new(EndpointLookup.Find(parsed.GetValue(options.Endpoint), here), here.Clock);

    /// <summary>Calls and, if that began a job and the caller has not declined, waits for its end.</summary>
    public async Task<CloudAnswer> RunAsync(string command, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        var answer = await Cloud.CallAsync(command, parameters, ct);
        return answer.JobId is { } job && Waits ? await WaitAsync(command, job, ct) : answer;
    }

    public async Task<CloudAnswer> WaitAsync(string command, string job, CancellationToken ct)
    {
        var limit = TimeSpan.FromSeconds(parsed.GetValue(options.Timeout));
        try
        {
            return await new JobWait(Cloud, Terminal.Progress(), here.Clock, limit).ForAsync(command, job, ct);
        }
        catch (OperationCanceledException)
        {
            var farewell = $"Job {job} goes on without you. Look again with: strat job wait {job}";
            await Terminal.Error.WriteLineAsync(farewell.AsMemory(), CancellationToken.None);
            throw;
        }
    }

    public void Dispose() => _cloud?.Dispose();
}
