namespace Stratiform.Cli.Wire;

/// <summary>Anything that ends a call with words for the person at the terminal instead of a stack trace.</summary>
internal abstract class StratException(string message, string? nextStep, int exitCode, Exception? inner = null) : Exception(message, inner)
{
    public string? NextStep { get; } = nextStep;

    public int ExitCode { get; } = exitCode;
}

/// <summary>The command line asked for something that cannot be meant.</summary>
internal sealed class UsageMistake(string message, string? nextStep = null) : StratException(message, nextStep, ExitCodes.Usage);

/// <summary>Nobody who speaks the API answered at the endpoint.</summary>
internal sealed class CloudUnreachable(string message, string? nextStep, Exception? inner = null)
    : StratException(message, nextStep, ExitCodes.Unreachable, inner);

/// <summary>The server understood and said no, at once or as the result of a job.</summary>
internal sealed class CloudRefused(string command, int code, string message, string? nextStep = null)
    : StratException(message, nextStep ?? Advice.For(command, code), ExitCodes.Refused)
{
    public int Code { get; } = code;
}

/// <summary>A job outlived the time the caller was willing to wait; it goes on.</summary>
internal sealed class JobStillRunning(string jobId, TimeSpan waited)
    : StratException(
        $"Job {jobId} still runs after {waited.TotalSeconds:0} s.",
        $"It goes on without you. Look again with: strat job wait {jobId}",
        ExitCodes.Refused);
