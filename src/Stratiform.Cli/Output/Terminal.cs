namespace Stratiform.Cli.Output;

/// <summary>The two streams to the caller, and whether a person reads them.</summary>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool OutIsTty, bool ErrorIsTty, int Width)
{
    public static Terminal OfProcess()
    {
        var plain = Environment.GetEnvironmentVariable("TERM") is "dumb";
        var outIsTty = !Console.IsOutputRedirected;
        return new(Console.Out, Console.Error, outIsTty && !plain, !Console.IsErrorRedirected && !plain, WidthOf(outIsTty));
    }

    public IJobProgress Progress() => ErrorIsTty ? new LiveProgress(Error, Width) : new PlainProgress(Error);

    private static int WidthOf(bool isTty) => isTty && Console.WindowWidth is > 20 and var width ? width : 120;
}
