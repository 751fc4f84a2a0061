using System.Text.Json;
using Stratiform.Cli.Output;

namespace Stratiform.Cli.Wire;

/// <summary>Waits for an asynchronous command: asks often at first, then each second, and shows what the job says of itself.</summary>
internal sealed class JobWait(CloudClient cloud, IJobProgress progress, TimeProvider clock, TimeSpan limit)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>The finished job's answer; a failed job throws what it failed with.</summary>
    public async Task<CloudAnswer> ForAsync(string command, string jobId, CancellationToken ct)
    {
        var begun = clock.GetTimestamp();
        try
        {
            for (var pause = FirstPause; ; pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause)
            {
                var answer = await cloud.CallAsync("queryAsyncJobResult", [new("jobid", jobId)], ct);
                var elapsed = clock.GetElapsedTime(begun);
                switch (answer.Content.Number("jobstatus"))
                {
                    case 1:
                        return answer;
                    case 2 or 3:
                        throw Failure(command, answer.Content);
                    default:
                        progress.Show(JobStep.Of(command, answer.Content, elapsed));
                        break;
                }

                if (elapsed >= limit)
                    throw new JobStillRunning(jobId, elapsed);
                await Task.Delay(pause, clock, ct);
            }
        }
        finally
        {
            progress.Done();
        }
    }

    private static CloudRefused Failure(string command, JsonElement job)
    {
        var result = job.TryGetProperty("jobresult", out var found) ? found : default;
        var code = result.Number("errorcode") ?? job.Number("jobresultcode") ?? 530;
        var text = result.ValueKind == JsonValueKind.String ? result.GetString() : result.Text("errortext");
        var fate = job.Number("jobstatus") == 3 ? "was cancelled" : "failed";
        return new(command, code, text ?? $"The job of {command} {fate} with code {code} and gave no reason.");
    }
}
