using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Jobs;
using Stratiform.Management.Settings;
using Stratiform.Workflows;

namespace Stratiform.Management.Images.Reconcilers;

/// <summary>Takes links to downloads out of their jobs' results once they have expired: nobody can use them, so nobody is shown them.</summary>
public sealed partial class ExpiredLinks(CloudDb db, LiveSettings settings, Secrets secrets, TimeProvider clock) : IReconciler
{
    private const int AtOnce = 1000;
    private const string Commands = "extract";

    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(ImageSettings.LinkCleanupSeconds));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var jobs = await db.Set<WorkflowRow>().AsNoTracking()
            .Where(w => w.EndedAt != null && w.Command.StartsWith(Commands) && w.Result != null)
            .OrderBy(w => w.EndedAt).Select(w => new { w.Id, w.Result }).Take(AtOnce).ToListAsync(ct);
        var now = clock.GetUtcNow();
        var expired = jobs.Where(j => ExpiryOf(j.Result!) < now).Select(j => j.Id).ToList();
        if (expired.Count > 0)
            await db.Set<WorkflowRow>().Where(w => expired.Contains(w.Id)).ExecuteUpdateAsync(set => set.SetProperty(w => w.Result, (string?)null), ct);
    }

    private DateTimeOffset? ExpiryOf(string result)
    {
        var link = JobSecrets.Open(JsonNode.Parse(result)?["url"], secrets)?.GetValue<string>();
        return link is not null && Expires().Match(link) is { Success: true } found
            ? DateTimeOffset.FromUnixTimeSeconds(long.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex("[?&]expires=([0-9]{1,11})(?:&|$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expires();
}
