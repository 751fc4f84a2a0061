using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;

namespace Stratiform.Management.Settings;

/// <summary>Tells all servers, after a command's commit, what they must read again.</summary>
internal sealed class Announcer(CloudDb db)
{
    private readonly HashSet<IRemembered> _changed = [];

    /// <summary>To be called by the handler that changes the rows.</summary>
    public void Changed(IRemembered what) => _changed.Add(what);

    /// <summary>This server reads again before the answer, the others within moments.</summary>
    public async Task SendAsync(CancellationToken ct)
    {
        foreach (var what in _changed)
        {
            await what.ReadAgainAsync(ct);
            await db.Database.ExecuteSqlAsync($"SELECT pg_notify({Announcements.Channel}, {what.Topic})", ct);
        }
        _changed.Clear();
    }
}
