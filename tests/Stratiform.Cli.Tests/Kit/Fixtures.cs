using System.Text.Json;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Tests.Kit;

/// <summary>Answers of a server that tests share.</summary>
internal static class Fixtures
{
    /// <summary>The content of a listApis answer: commands and parameters of CloudStack 4.22 and four of ours.</summary>
    public static string ListApis { get; } = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kit", "listApis.json"));

    public static ApiCatalogue Catalogue { get; } = ApiCatalogue.Of(new CloudAnswer(JsonDocument.Parse(ListApis).RootElement, ListApis));
}
