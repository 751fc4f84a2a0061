using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Verbs;

/// <summary>
/// Asks a list command for all that the caller may see: over every page, with listall where there is one (else a root
/// admin sees his own things only), and with the filter that templates and ISOs insist on.
/// </summary>
internal sealed class ListCall(CloudClient cloud, ApiCommand command)
{
    private const int PageSize = 500;
    private static readonly string[] Filters = ["templatefilter", "isofilter"];
    private static readonly string[] Scopes = ["listall", "account", "domainid", "projectid"];

    public static bool FillsIn(string parameter) => Filters.Contains(parameter);

    public async Task<IReadOnlyList<JsonElement>> AllAsync(IReadOnlyList<KeyValuePair<string, string>> asked, CancellationToken ct)
    {
        List<KeyValuePair<string, string>> parameters = [.. asked];
        if (command.Takes("listall") && !asked.Any(pair => Scopes.Contains(pair.Key)))
            parameters.Add(new("listall", "true"));
        if (Filters.FirstOrDefault(command.Takes) is not { } filter || asked.Any(pair => pair.Key == filter))
            return await PagesAsync(parameters, ct);
        try
        {
            return await PagesAsync([.. parameters, new(filter, "all")], ct);
        }
        catch (CloudRefused e) when (e.Code is 431 or 531)
        {
            // Only root admins may ask for all: others see what they can deploy.
            return await PagesAsync([.. parameters, new(filter, "executable")], ct);
        }
    }

    private async Task<IReadOnlyList<JsonElement>> PagesAsync(IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        var isPaged = command.Takes("pagesize") && !parameters.Any(pair => pair.Key is "page" or "pagesize");
        if (!isPaged)
            return (await cloud.CallAsync(command.Name, parameters, ct)).Items;
        List<JsonElement> items = [];
        for (var page = 1; ; page++)
        {
            var answer = await cloud.CallAsync(command.Name, [.. parameters, new("page", $"{page}"), new("pagesize", $"{PageSize}")], ct);
            items.AddRange(answer.Items);
            if (answer.Items.Count < PageSize || items.Count >= answer.Count)
                return items;
        }
    }
}
