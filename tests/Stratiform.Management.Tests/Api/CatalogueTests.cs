using Stratiform.Management.Api;
using Xunit.Abstractions;

namespace Stratiform.Management.Tests.Api;

/// <summary>What holds for every command, so that nobody writes it per command.</summary>
public sealed class CatalogueTests(TestCloud cloud, ITestOutputHelper output) : IClassFixture<TestCloud>
{
    private static readonly ApiCatalog _catalog = new(typeof(ApiCatalog).Assembly);

    [Fact]
    public void Every_command_parameter_and_field_is_documented()
    {
        foreach (var command in _catalog.Commands)
        {
            command.Declared.Description.ShouldNotBeNullOrWhiteSpace(command.Name);
            foreach (var parameter in command.Parameters) parameter.Description.ShouldNotBeNullOrWhiteSpace($"{command.Name}: parameter {parameter.Name}");
            Documented(command.Name, command.Fields);
        }
        output.WriteLine(
            $"{_catalog.Commands.Count} commands, {_catalog.Commands.Sum(c => c.Parameters.Count)} parameters, {_catalog.Commands.Sum(c => c.Fields.Count)} fields");
    }

    [Fact]
    public void Every_command_is_somebodys_and_says_what_it_answers()
    {
        foreach (var command in _catalog.Commands)
        {
            command.Declared.Allowed.ShouldNotBe(AllowedTo.None, command.Name);
            if (command.Wire is not null && !command.Declared.Flat) command.WireName.ShouldNotBeEmpty(command.Name);
            if (command is { IsAsync: true, Wire: not null }) command.ReadWireAsync.ShouldNotBeNull($"{command.Name}: its job's result has no reader");
        }
    }

    [Fact]
    public void Names_on_the_wire_are_lower_case_unless_they_are_older_than_the_rule()
    {
        foreach (var command in _catalog.Commands)
            foreach (var field in command.Fields.Where(field => field.Name is not ("supportELB" or "postURL" or "extractMode"))) field.Name.ShouldMatch("^[a-z0-9]+$", command.Name);
    }

    [Fact]
    public void Every_command_that_only_looks_is_a_query() => _catalog.Commands
        .Where(command => !command.IsQuery && (command.Name.StartsWith("list", StringComparison.Ordinal) || command.Name.StartsWith("query", StringComparison.Ordinal)))
        .ShouldBeEmpty();

    [Fact]
    public async Task Every_command_is_refused_to_who_has_not_proved_who_they_are()
    {
        foreach (var command in _catalog.Commands.Where(command => !command.IsAnonymous))
        {
            var reply = (await cloud.GetAsync([new("command", command.Name), new("response", "json")])).ShouldBe(401);
            reply.Envelope.ShouldBe(command.Envelope);
        }
    }

    [Fact]
    public void A_record_that_cannot_be_a_command_is_refused_by_the_catalogue() =>
        Should.Throw<InvalidOperationException>(() => new ApiParameter(typeof(CatalogueTests).GetProperty(nameof(NoParameter))!)).Message
            .ShouldContain("cannot be of type");

    public Uri? NoParameter { get; set; }

    private static void Documented(string where, IReadOnlyList<AnswerField> fields)
    {
        foreach (var field in fields)
        {
            field.Description.ShouldNotBeNullOrWhiteSpace($"{where}: field {field.Name}");
            Documented($"{where}.{field.Name}", field.Fields);
        }
    }
}
