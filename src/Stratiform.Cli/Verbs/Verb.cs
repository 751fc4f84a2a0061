namespace Stratiform.Cli.Verbs;

/// <summary>A command as it is typed: strat <paramref name="Noun"/> <paramref name="Name"/>.</summary>
internal sealed record Verb(string Noun, string Name, ApiCommand Command)
{
    private static readonly string[] Everyday =
    [
        "list", "show", "create", "deploy", "register", "add", "update", "start", "stop", "reboot", "attach", "detach",
        "delete", "destroy", "expunge",
    ];

    /// <summary>Where it stands in help: what is done every day first, then by name.</summary>
    public static int Rank(string name) => Array.IndexOf(Everyday, name) is >= 0 and var rank ? rank : Everyday.Length;

    public bool IsList => Command.Name.StartsWith("list", StringComparison.Ordinal);

    /// <summary>Whether it brings something new into being, whose name may simply follow the verb.</summary>
    public bool IsCreation => Name is "create" or "deploy" or "register" or "add" || Name.StartsWith("create-", StringComparison.Ordinal);
}
