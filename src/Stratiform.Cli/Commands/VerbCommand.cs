using System.CommandLine;
using Stratiform.Cli.Output;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Commands;

/// <summary>One derived verb on the command line: its options, what may stand without one, and how its answer is shown.</summary>
internal sealed class VerbCommand
{
    private readonly Verb _verb;
    private readonly VerbBook _book;
    private readonly ApiParameter? _subject;
    private readonly Argument<string?> _argument;
    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "Columns to show: name,ip=nic.ipaddress,size:bytes",
        HelpName = "LIST",
    };


    private readonly Option<bool> _wide = new("--wide") { Description = "Show every field" };

    public VerbCommand(Verb verb, VerbBook book, HashSet<string> vocabulary, Bind bind)
    {
        (_verb, _book) = (verb, book);
        Options = new VerbOptions(verb, vocabulary);
        _subject = SubjectOf(verb);
        _argument = new(_subject?.Name == "name" ? "NAME" : "NAME|ID") { Arity = ArgumentArity.ZeroOrOne };
        Command = new Command(verb.Name, Summary(verb));
        if (_subject is not null)
        {
            _argument.Description = _subject.Description;
            Command.Arguments.Add(_argument);
        }

        foreach (var (_, option) in Options.All)
            Command.Options.Add(option);
        if (verb.IsList)
        {
            Command.Options.Add(_columns);
            Command.Options.Add(_wide);
        }

        Command.SetAction(bind(RunAsync));
    }

    public Command Command { get; }

    public VerbOptions Options { get; }

    /// <summary>The list that knows the names the positional argument may take.</summary>
    public ApiCommand? NamesOf(ApiParameter? parameter) =>
        (parameter ?? _subject) is { IsReference: true } reference ? _book.ListFor(_verb, reference) : null;

    private async Task<int> RunAsync(Session session, CancellationToken ct)
    {
        var parameters = await ParametersAsync(session, ct);
        if (_verb.IsList)
            await ListAsync(session, parameters, ct);
        else
            await ChangeAsync(session, parameters, ct);
        return ExitCodes.Ok;
    }

    private async Task<IReadOnlyList<KeyValuePair<string, string>>> ParametersAsync(Session session, CancellationToken ct)
    {
        var given = Options.Given(session.Parsed).ToList();
        if (_subject is not null && session.Parsed.GetValue(_argument) is { } typed)
            given.Insert(0, (_subject, [typed]));
        Require(given.Select(pair => pair.Parameter.Name).ToHashSet(StringComparer.Ordinal));

        var resolver = new NameResolver(session.Cloud, _book);
        List<KeyValuePair<string, string>> parameters = [];
        foreach (var (parameter, texts) in given)
        {
            if (parameter.IsMap)
            {
                parameters.AddRange(MapText.Parse(parameter.Name, texts.Select(text => ParameterText.Read(text, session.Here))));
                continue;
            }

            var value = Value(parameter, texts, session.Here);
            parameters.Add(new(parameter.Name, await resolver.ResolveAsync(_verb, parameter, value, ct)));
        }

        return parameters;
    }

    /// <summary>User data from a file is encoded as the API wants it; typed text is taken to be encoded already.</summary>
    private static string Value(ApiParameter parameter, string[] texts, Surroundings here) =>
        parameter.Name == "userdata" && texts is [var one] && ParameterText.IsFile(one)
            ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(ParameterText.Read(one, here)))
            : string.Join(',', texts.Select(text => ParameterText.Read(text, here)));

    private void Require(HashSet<string> given)
    {
        var missing = Options.All
            .Where(pair => pair.Parameter.IsRequired && !given.Contains(pair.Parameter.Name) && !ListCall.FillsIn(pair.Parameter.Name))
            .Select(pair => pair.Parameter == _subject ? $"{pair.Option.Name} (or just {_argument.Name})" : pair.Option.Name)
            .ToArray();
        if (missing.Length > 0)
        {
            var typed = $"{_verb.Noun} {_verb.Name}";
            throw new UsageMistake($"{typed} needs {string.Join(", ", missing)}.", $"See: strat {typed} --help");
        }

    }

    private async Task ListAsync(Session session, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        var rows = await new ListCall(session.Cloud, _verb.Command).AllAsync(parameters, ct);
        if (session.WantsJson)
        {
            await session.Terminal.Out.WriteLineAsync(JsonText.OfAll(rows));
            return;
        }

        if (rows.Count == 0)
        {
            await session.Terminal.Error.WriteLineAsync($"No {_verb.Noun}.");
            return;
        }

        var columns = DefaultColumns.For(_verb.Noun, rows, session.Parsed.GetValue(_columns), session.Parsed.GetValue(_wide));
        Tables.Write(session.Terminal, columns, rows);
    }

    private async Task ChangeAsync(Session session, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        var answer = await session.RunAsync(_verb.Command.Name, parameters, ct);
        if (answer.Result.Text("success") is "false")
            throw new CloudRefused(_verb.Command.Name, 530, answer.Result.Text("displaytext") ?? "The server says it was not done.");
        if (session.WantsJson)
            await session.Terminal.Out.WriteLineAsync(JsonText.Of(answer.Result));
        else
            Outcome.Write(session.Terminal, _verb.Noun, answer);
    }

    /// <summary>What may follow the verb without an option: the thing it acts on, or the name of the new one.</summary>
    private static ApiParameter? SubjectOf(Verb verb)
    {
        if (verb.IsList)
            return null;
        string[] candidates = verb.IsCreation ? ["name", "id"] : ["id", "virtualmachineid", "jobid", "name"];
        var found = candidates.Select(verb.Command.Parameter).OfType<ApiParameter>().ToArray();
        return found.FirstOrDefault(parameter => parameter.IsRequired) ?? found.FirstOrDefault();
    }

    private static string Summary(Verb verb)
    {
        var text = verb.Command.Description.ReplaceLineEndings(" ").Trim();
        var stop = text.Length == 0 || text.EndsWith('.') ? "" : ".";
        return $"{text}{stop} ({verb.Command.Name}{(verb.Command.IsAsync ? ", a job" : "")})".TrimStart();
    }
}
