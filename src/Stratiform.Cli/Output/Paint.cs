using Spectre.Console;

namespace Stratiform.Cli.Output;

/// <summary>The colour of a state: green is well, yellow on its way, red needs someone.</summary>
internal sealed record Paint(string Ansi, Style Style)
{
    private static readonly Paint Good = new("\e[32m", new(Color.Green));
    private static readonly Paint Moving = new("\e[33m", new(Color.Yellow));
    private static readonly Paint Bad = new("\e[31m", new(Color.Red));

    public static Paint? For(string text) => text switch
    {
        "Running" or "Up" or "Enabled" or "Ready" or "Implemented" or "Allocated"
            or "BackedUp" or "enabled" or "ok" or "Download Complete" => Good,
        "Starting" or "Stopping" or "Migrating" or "Creating" or "Expunging" or "Connecting"
            or "Implementing" or "Shutdown" or "warn" => Moving,
        "Error" or "Down" or "Disconnected" or "Alert" or "Disabled" or "Destroyed" or "ERROR" or "stuck" or "fail" => Bad,
        _ => null,
    };
}
