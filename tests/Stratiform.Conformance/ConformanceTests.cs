using Stratiform.Management.Api;
using Xunit.Abstractions;

namespace Stratiform.Conformance;

/// <summary>Every listed command beside CloudStack's of the same name: what clients send and read must mean the same.</summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private readonly CloudStackApi _theirs = CloudStackApi.Read();
    private readonly Deviations _deviations = new();
    private readonly Calls _calls = new();

    [Fact]
    public void Nothing_is_added_to_CloudStacks_API_without_a_reason()
    {
        var catalog = new ApiCatalog(typeof(ApiCatalog).Assembly);
        var unexplained = new List<string>();
        output.WriteLine($"{"listed",-32} {"in tests",-9} {"on a host",-9}");
        foreach (var command in catalog.Commands)
        {
            var notes = Compare(command).ToList();
            var (tests, hosts) = (_calls.InTests(command.Name) ? "called" : "-", _calls.OnHosts(command.Name) ? "called" : "-");
            output.WriteLine($"{command.Name,-32} {tests,-9} {hosts,-9} {(notes.Count == 0 ? "as CloudStack" : $"{notes.Count} deviations")}");
            foreach (var (text, reason) in notes) output.WriteLine($"    {text}: {reason ?? "UNEXPLAINED"}");
            unexplained.AddRange(notes.Where(n => n.Reason is null).Select(n => $"{command.Name}: {n.Text}"));
        }
        output.WriteLine($"{catalog.Commands.Count} of CloudStack's {_theirs.Commands.Count} commands are listed.");
        unexplained.ShouldBeEmpty();
        _deviations.Unmet.ShouldBeEmpty("deviations.tsv explains what is no difference any more");
    }

    [Fact]
    public void Every_command_is_called_by_a_test()
    {
        var catalog = new ApiCatalog(typeof(ApiCatalog).Assembly);
        if (_calls.AreKnown) catalog.Commands.Select(c => c.Name).Where(name => !_calls.InTests(name)).ShouldBeEmpty("no test calls it with success");
        else output.WriteLine("Which commands tests call is known after a run of all tests (make test).");
    }

    private IEnumerable<(string Text, string? Reason)> Compare(ApiCommand ours)
    {
        if (!_theirs.Commands.TryGetValue(ours.Name, out var theirs))
        {
            yield return ("the command is ours alone", _deviations.ReasonFor(ours.Name, "command"));
            yield break;
        }
        if (ours.IsAsync != theirs.IsAsync)
            yield return ($"it is {(theirs.IsAsync ? "a job there" : "no job there")}", _deviations.ReasonFor(ours.Name, "job"));
        foreach (var parameter in ours.Parameters)
        {
            if (!theirs.Params.TryGetValue(parameter.Name, out var type))
                yield return ($"parameter {parameter.Name} is ours alone", _deviations.ReasonFor(ours.Name, parameter.Name));
            else if (parameter.IsRequired && !type.EndsWith('!'))
                yield return ($"parameter {parameter.Name} is not required there", _deviations.ReasonFor(ours.Name, parameter.Name));
            else if (!Fits(parameter.Kind, type.TrimEnd('!')))
                yield return ($"parameter {parameter.Name} is {parameter.Kind}, there {type}", _deviations.ReasonFor(ours.Name, parameter.Name));
        }
        // These two every response there has from their common base.
        string[] fields = [.. _theirs.Responses.GetValueOrDefault(theirs.Response) ?? [], "jobid", "jobstatus"];
        foreach (var field in ours.Fields.Where(f => !fields.Contains(f.Name.ToLowerInvariant())))
        {
            var reason = _deviations.ReasonFor(ours.Name, field.Name) ?? _deviations.ReasonFor(ours.Name, "fields");
            yield return ($"field {field.Name} is ours alone", reason);
        }
    }

    // Whatever clients send as this type, ours reads: every id and every word is a string to them.
    private static bool Fits(ParameterKind ours, string theirs) => theirs switch
    {
        "uuid" or "string" => ours is ParameterKind.Uuid or ParameterKind.String or ParameterKind.Date or ParameterKind.List,
        "boolean" => ours == ParameterKind.Boolean,
        "integer" or "short" => ours is ParameterKind.Integer or ParameterKind.Long,
        "long" => ours is ParameterKind.Long or ParameterKind.Integer,
        "float" or "double" => ours == ParameterKind.Double,
        "date" or "tzdate" => ours == ParameterKind.Date,
        // A list of one is a word.
        "list" => ours is ParameterKind.List or ParameterKind.String,
        "map" => ours == ParameterKind.Map,
        _ => true,
    };
}
