namespace Stratiform.SystemVm.Channels;

/// <summary>Opens the channel to the host's agent, and again when it breaks.</summary>
internal static partial class ChannelLoop
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Obeys what comes along the port until it is cancelled.</summary>
    public static async Task RunAsync(string port, MessageTable messages, TimeProvider time, ILogger log, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await using var stream = await VirtioPort.OpenAsync(port, time, ct);
                await new Channel(stream, messages, time, log).RunAsync(ct);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                Log.Broken(log, port, broken.Message);
            }
            await Task.Delay(Pause, time, ct);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The channel {Port} is broken: {Reason}")]
        public static partial void Broken(ILogger logger, string port, string reason);
    }
}
