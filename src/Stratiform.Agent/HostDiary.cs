namespace Stratiform.Agent;

/// <summary>What the agent writes about a host.</summary>
internal sealed partial class HostDiary(ILogger log)
{
    public void Bug(Guid hostId, string path, Exception error) => Log.Bug(log, hostId, path, error);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Host {HostId}: {Path} failed in a way nobody foresaw")]
        public static partial void Bug(ILogger log, Guid hostId, string path, Exception error);
    }
}
