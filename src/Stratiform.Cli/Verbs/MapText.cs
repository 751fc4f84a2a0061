using System.Text.RegularExpressions;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Verbs;

/// <summary>
/// Map parameters at the prompt: each option is one entry of KEY=VALUE,KEY=VALUE, so "--ip-to-network-list networkid=a,ip=b"
/// becomes iptonetworklist[0].networkid and [0].ip. Tags, whose entries all are key and value, read "--tags colour=blue".
/// </summary>
internal static partial class MapText
{
    public static IEnumerable<KeyValuePair<string, string>> Parse(string parameter, IEnumerable<string> typed)
    {
        var entries = typed.Select(Fields).ToArray();
        if (parameter == "tags")
        {
            entries = [.. entries.SelectMany(fields => fields.Any(field => field.Key is "key" or "value")
                ? [fields]
                : fields.Select(field => new KeyValuePair<string, string>[] { new("key", field.Key), new("value", field.Value) }))];
        }

        return entries.SelectMany((fields, i) => fields.Select(field =>
            new KeyValuePair<string, string>($"{parameter}[{i}].{field.Key}", field.Value)));

        KeyValuePair<string, string>[] Fields(string text) =>
        [
            .. EntryStart().Split(text).Select(field => field.Split('=', 2)).Select(parts => parts is [{ Length: > 0 } key, var value]
                ? new KeyValuePair<string, string>(key, value)
                : throw new UsageMistake($"'{text}' is not KEY=VALUE.", $"--{parameter} takes KEY=VALUE,KEY=VALUE and may be repeated.")),
        ];
    }

    /// <summary>A comma ends a value only where another KEY= follows.</summary>
    [GeneratedRegex(@",(?=[\w.:-]+=)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EntryStart();
}
