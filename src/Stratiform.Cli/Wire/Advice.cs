namespace Stratiform.Cli.Wire;

/// <summary>The next step for a refusal, by the wire's error code (CloudStack's ApiErrorCode).</summary>
internal static class Advice
{
    public static string? For(string command, int code) => code switch
    {
        401 => "Check CLOUDSTACK_KEY and CLOUDSTACK_SECRET, this machine's clock, and that your role may call "
               + $"{command}: strat sync shows what it may.",
        429 => "The server limits your calls: wait a second and ask again.",
        430 or 431 => $"See what {command} takes: strat api {command} --help",
        432 => "The server does not offer this command, or not to you: strat sync reads its list again.",
        503 => "The server is in maintenance or still starting: strat status",
        530 => "This is a fault of the server. Its log says more: strat status prints where.",
        531 => "Your account may not do this: ask a domain or root admin.",
        532 or 535 => "A limit of the account is reached: strat resource-limit list",
        533 => "There is not enough room now: strat status shows capacity and strat host list the state of hosts.",
        534 => "Something it needs is not available: strat host list and strat system-vm list show what is down.",
        536 => "Something else still uses it: remove that first.",
        537 => "Another rule has taken these ports or addresses.",
        _ => null,
    };
}
