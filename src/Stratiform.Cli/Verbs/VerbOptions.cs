using System.CommandLine;
using System.CommandLine.Parsing;

namespace Stratiform.Cli.Verbs;

/// <summary>A verb's options, one for each parameter of its command, in whichever spelling they are typed.</summary>
internal sealed class VerbOptions
{
    private static readonly string[] Hidden = ["response", "ctxstarteventid", "starteventid", "customjobid", "customid"];
    private static readonly string[] Taken = ["endpoint", "json", "timeout", "columns", "wide", "nowait", "help", "version"];

    private readonly Dictionary<string, Option> _bySpelling = new(StringComparer.Ordinal);
    private readonly List<(ApiParameter Parameter, Option Option)> _options = [];

    public VerbOptions(Verb verb, HashSet<string> vocabulary)
    {
        foreach (var parameter in verb.Command.Parameters.Where(one => !Hidden.Contains(one.Name)).DistinctBy(one => one.Name))
        {
            var prefix = Taken.Contains(parameter.Name) ? "param-" : "";
            var option = Build($"--{prefix}{Words.Hyphenate(parameter.Name, vocabulary)}", parameter);
            _options.Add((parameter, option));
            _bySpelling.TryAdd(Words.Squash(prefix + parameter.Name), option);
        }

        // --zone for --zone-id, unless that is another parameter.
        foreach (var (parameter, option) in _options.Where(pair => pair.Parameter.IsReference && pair.Parameter.Name.Length > 3))
        {
            var isPlural = parameter.Name.EndsWith("ids", StringComparison.Ordinal);
            _bySpelling.TryAdd(isPlural ? parameter.Name[..^3] + "s" : parameter.Name[..^2], option);
        }

    }

    public IEnumerable<(ApiParameter Parameter, Option Option)> All => _options;

    /// <summary>Brings every spelling of an option to the one that is declared; what follows a bare -- is left alone.</summary>
    public string[] Respell(IReadOnlyList<string> args)
    {
        var isOver = false;
        return [.. args.Select(arg =>
        {
            isOver |= arg == "--";
            if (isOver || !arg.StartsWith("--", StringComparison.Ordinal))
                return arg;
            var equals = arg.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? arg : arg[..equals];
            return _bySpelling.TryGetValue(Words.Squash(name), out var option) && !Taken.Contains(Words.Squash(name))
                ? option.Name + (equals < 0 ? "" : arg[equals..])
                : arg;
        })];
    }

    /// <summary>What was given, by parameter, as it was typed.</summary>
    public IEnumerable<(ApiParameter Parameter, string[] Typed)> Given(ParseResult parsed) =>
        from pair in _options
        let result = parsed.GetResult(pair.Option) as OptionResult
        where result is { Implicit: false }
        select (pair.Parameter, pair.Option is Option<bool?> flag ? [parsed.GetValue(flag) == false ? "false" : "true"] : Texts(result));

    private static string[] Texts(OptionResult result) => [.. result.Tokens.Select(token => token.Value)];

    private static Option Build(string name, ApiParameter parameter)
    {
        var description = parameter.Description.ReplaceLineEndings(" ") + (parameter.IsRequired ? " (required)" : "");
        if (parameter.IsSwitch)
            return new Option<bool?>(name) { Description = description, Arity = ArgumentArity.ZeroOrOne };
        var help = parameter.Type switch
        {
            "map" => "KEY=VALUE,...",
            _ when parameter.IsReference => "NAME|ID",
            "integer" or "long" or "short" or "float" or "double" => "N",
            "date" => "DATE",
            _ => "TEXT",
        };
        return new Option<string[]>(name) { Description = description, HelpName = help, Arity = ArgumentArity.OneOrMore };
    }
}
