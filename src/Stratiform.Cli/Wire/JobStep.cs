using System.Text.Json;

namespace Stratiform.Cli.Wire;

/// <summary>Where a running job is; text and per cent only from servers that tell them.</summary>
internal sealed record JobStep(string Command, string? Text, int? Percent, TimeSpan Elapsed)
{
    public static JobStep Of(string command, JsonElement job, TimeSpan elapsed) =>
        new(command, job.Text("jobprogress"), job.Number("jobpercent"), elapsed);

    /// <summary>"3 of 7: ChooseHost (42 %)", or that it runs when the server tells no more.</summary>
    public string Description => (Text, Percent) switch
    {
        (null, null) => "running",
        (null, { } percent) => $"{percent} %",
        ({ } text, null) => text,
        ({ } text, { } percent) => $"{text} ({percent} %)",
    };
}
