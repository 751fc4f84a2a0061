using System.Globalization;
using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace Stratiform.Management.Api;

/// <summary>Keeps what is in use from being deleted.</summary>
internal static class InTheWay
{
    private const int MostNames = 3;

    /// <summary>Refuses while there is one of these: how many, and the command that deletes them.</summary>
    /// <param name="things">What would lose its ground.</param>
    /// <param name="whole">What is to be deleted, as a sentence begins: "The pod rack-7".</param>
    /// <param name="thing">What one of them is called: "cluster".</param>
    /// <param name="command">The command that deletes one.</param>
    /// <param name="ct">Cancels the count.</param>
    /// <exception cref="Workflows.CloudException">There are some (536).</exception>
    public static async Task RequireNoneAsync<T>(this IQueryable<T> things, string whole, string thing, string command, CancellationToken ct)
    {
        var count = await things.CountAsync(ct);
        if (count == 1) throw Refusal.InUse($"{whole} has 1 {thing}; delete it first ({command}).");
        if (count > 1) throw Refusal.InUse($"{whole} has {count} {thing}s; delete them first ({command}).");
    }

    /// <summary>As the other one, and names the first of them.</summary>
    public static async Task RequireNoneAsync<T>(
        this IQueryable<T> things, Expression<Func<T, string>> name, string whole, string thing, string command, CancellationToken ct)
    {
        var (count, listed) = await things.CountAndNameAsync(name, ct);
        if (count > 0) throw Refusal.InUse($"{whole} has {Some(count, thing)} ({listed}); delete {(count == 1 ? "it" : "them")} first ({command}).");
    }

    /// <summary>How many there are, and the first by name: "a, b, c and 4 more".</summary>
    public static async Task<(int Count, string Listed)> CountAndNameAsync<T>(this IQueryable<T> things, Expression<Func<T, string>> name, CancellationToken ct)
    {
        var names = await things.Select(name).OrderBy(n => n).Take(MostNames).ToListAsync(ct);
        var count = names.Count < MostNames ? names.Count : await things.CountAsync(ct);
        return (count, Listed(names, count));
    }

    /// <summary>The first of so many: "a, b, c and 4 more".</summary>
    public static string Listed(IReadOnlyList<string> first, int count) => string.Join(", ", first)
        + (count > first.Count ? string.Create(CultureInfo.InvariantCulture, $" and {count - first.Count} more") : "");

    /// <summary>"1 template", "2 templates".</summary>
    public static string Some(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
