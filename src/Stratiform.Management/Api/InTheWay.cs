using Microsoft.EntityFrameworkCore;

namespace Stratiform.Management.Api;

/// <summary>Keeps what is in use from being deleted.</summary>
internal static class InTheWay
{
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
}
