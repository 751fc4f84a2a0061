using System.Globalization;
using Stratiform.Management.Api;

namespace Stratiform.Management.Accounts;

/// <summary>Keeps accounts and domains from being deleted while they have something.</summary>
internal static class HeldThings
{
    /// <summary>Refuses while there is anything: how many of what, the first by name, and what deletes them.</summary>
    /// <param name="holdings">What may be there.</param>
    /// <param name="whole">What is to be deleted, as a sentence begins: "The account acme".</param>
    /// <param name="ct">Cancels the counts.</param>
    /// <exception cref="Workflows.CloudException">There is something (536).</exception>
    public static async Task RequireNoneAsync(this IEnumerable<Holding> holdings, string whole, CancellationToken ct)
    {
        var (there, commands) = (new List<string>(), new List<string>());
        foreach (var holding in holdings)
        {
            var (count, listed) = await holding.Names.CountAndNameAsync(name => name, ct);
            if (count == 0) continue;
            there.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? holding.One : holding.Many)} ({listed})"));
            commands.Add(holding.Command);
        }
        if (there.Count > 0) throw Refusal.InUse($"{whole} has {string.Join(", ", there)}; delete what is there first ({string.Join(", ", commands.Distinct())}).");
    }
}
