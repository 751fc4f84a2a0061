using System.Globalization;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Output;

/// <summary>Shows a job that runs.</summary>
internal interface IJobProgress
{
    void Show(JobStep step);

    void Done();
}

/// <summary>One line that is drawn over, for people.</summary>
internal sealed class LiveProgress(TextWriter error, int width) : IJobProgress
{
    private const string ClearLine = "\r\e[2K";
    private const int BarCells = 20;

    private bool _drawn;

    public void Show(JobStep step)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{step.Elapsed.TotalSeconds:0} s");
        var text = $"{Bar(step.Percent)}{step.Command}  {step.Description}  {time}";
        error.Write(ClearLine + (text.Length < width ? text : text[..(width - 1)]));
        error.Flush();
        _drawn = true;
    }

    public void Done()
    {
        if (_drawn)
            error.Write(ClearLine);
        _drawn = false;
    }

    private static string Bar(int? percent)
    {
        if (percent is not { } value)
            return "";
        var full = Math.Clamp(value, 0, 100) * BarCells / 100;
        return $"{new string('━', full)}{new string('╌', BarCells - full)} ";
    }
}

/// <summary>One line for each change, for logs.</summary>
internal sealed class PlainProgress(TextWriter error) : IJobProgress
{
    private string? _last;

    public void Show(JobStep step)
    {
        if (step.Description != _last)
            error.WriteLine($"{step.Command}: {step.Description}");
        _last = step.Description;
    }

    public void Done() => _last = null;
}
