using System.Text.Json;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Verbs;

/// <summary>Finds what a person means by a name: the one thing called exactly so, or an error that names those it could be.</summary>
internal sealed class NameResolver(CloudClient cloud, VerbBook book)
{
    private const int MostCandidates = 8;
    private static readonly string[] NameFields = ["name", "displayname", "username", "ipaddress", "path", "displaytext", "description"];

    /// <summary>The wire's value of a parameter: names in it replaced by ids, ids left alone.</summary>
    public async Task<string> ResolveAsync(Verb verb, ApiParameter parameter, string typed, CancellationToken ct)
    {
        if (!parameter.IsReference || book.ListFor(verb, parameter) is not { } list)
            return typed;
        var ids = new List<string>();
        foreach (var one in parameter.IsList ? typed.Split(',', StringSplitOptions.TrimEntries) : [typed])
            ids.Add(IsId(one) ? one : (await FindAsync(list, one, ct)).Text("id") ?? one);
        return string.Join(',', ids);
    }

    /// <summary>The thing itself, by id or name.</summary>
    public async Task<JsonElement> FindAsync(ApiCommand list, string typed, CancellationToken ct)
    {
        var call = new ListCall(cloud, list);
        if (IsId(typed) && list.Takes("id"))
            return (await call.AllAsync([new("id", typed)], ct)) is [var one, ..] ? one : throw Unknown(list, typed, []);

        // The server narrows by name where it can; what it matches (equal, like, in which case) differs between lists.
        var narrowed = list.Takes("name") ? await call.AllAsync([new("name", typed)], ct) : [];
        if (Matches(narrowed, typed) is not { Length: > 0 } matches)
        {
            var all = await call.AllAsync([], ct);
            matches = Matches(all, typed);
            if (matches.Length == 0)
                throw Unknown(list, typed, all);
        }

        return matches is [var only] ? only : throw Ambiguous(list, typed, matches);
    }

    /// <summary>What things of a list are called, for completion.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(ApiCommand list, CancellationToken ct) =>
        [.. (await new ListCall(cloud, list).AllAsync([], ct)).Select(NameOf).Distinct(StringComparer.Ordinal)];

    /// <summary>Exact names go before names that differ in case, and those before descriptions.</summary>
    private static JsonElement[] Matches(IReadOnlyList<JsonElement> items, string typed)
    {
        foreach (var comparison in (StringComparison[])[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            foreach (var field in NameFields.Prepend("id"))
            {
                if (items.Where(item => string.Equals(item.Text(field), typed, comparison)).ToArray() is { Length: > 0 } found)
                    return found;
            }
        }

        return [];
    }

    private static UsageMistake Unknown(ApiCommand list, string typed, IReadOnlyList<JsonElement> all)
    {
        var names = all.Select(NameOf).ToArray();
        var near = names.Where(name => name.Contains(typed, StringComparison.OrdinalIgnoreCase)
                                       || typed.Contains(name, StringComparison.OrdinalIgnoreCase)).ToArray();
        var shown = near.Length > 0 ? near : names;
        return new(
            $"{list.Name} knows nothing called '{typed}'.",
            shown.Length == 0 ? "There are none at all." : $"There is: {Some(shown)}");
    }

    private static UsageMistake Ambiguous(ApiCommand list, string typed, JsonElement[] matches) => new(
        $"{list.Name} knows {matches.Length} things called '{typed}'.",
        "Give one by its id:\n" + string.Join('\n', matches.Take(MostCandidates).Select(Describe)));

    private static string Describe(JsonElement item)
    {
        string?[] parts = [item.Text("id"), NameOf(item), item.Text("state"), item.Text("account"), item.Text("zonename")];
        return "  " + string.Join("  ", parts.OfType<string>());
    }

    private static string Some(string[] names) =>
        string.Join(", ", names.Take(MostCandidates)) + (names.Length > MostCandidates ? $" and {names.Length - MostCandidates} more" : "");

    private static string NameOf(JsonElement item) =>
        NameFields.Select(field => item.Text(field)).FirstOrDefault(name => !string.IsNullOrEmpty(name)) ?? item.Text("id") ?? "?";

    private static bool IsId(string typed) => typed == "-1" || Guid.TryParse(typed, out _);
}
