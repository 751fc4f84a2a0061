namespace Stratiform.Cli.Doctor;

/// <summary>How a check went; a warning is something a cloud can live with.</summary>
internal enum Verdict
{
    Ok,
    Warn,
    Fail,
}

/// <summary>What one check found, why it says so, and what to do about it.</summary>
internal sealed record Finding(string Name, Verdict Verdict, string Why, string? Todo = null)
{
    public string Word => Verdict switch
    {
        Verdict.Ok => "ok",
        Verdict.Warn => "warn",
        Verdict.Fail => "fail",
    };
}

/// <summary>One thing a machine needs for a cloud in a box: one file each, entered in <see cref="Checks"/>.</summary>
internal interface ICheck
{
    Task<Finding> RunAsync(Machine machine, CancellationToken ct);
}
