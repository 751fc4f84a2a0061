namespace Stratiform.Cli.Output;

/// <summary>The two streams to the caller, and whether a person reads them.</summary>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTty, bool ErrorIsTty, int Width)
{
    /// <summary>What the caller says.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether a person can be asked.</summary>
    public bool InIsTty { get; init; }

    public static Terminal OfProcess()
    {
        var plain = Environment.GetEnvironmentVariable("TERM") is "dumb";
        var outIsTty = !Console.IsOutputRedirected;
        return new(Console.Out, Console.Error, outIsTty && !plain, !Console.IsErrorRedirected && !plain, WidthOf(outIsTty))
        {
            In = Console.In,
            InIsTty = !Console.IsInputRedirected,
        };
    }

    public IJobProgress Progress() => ErrorIsTty ? new LiveProgress(Error, Width) : new PlainProgress(Error);

    private static int WidthOf(bool isTty) => isTty && Console.WindowWidth is > 20 and var width ? width : 120;
}
