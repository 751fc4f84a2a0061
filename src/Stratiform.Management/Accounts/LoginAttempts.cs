using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>Counts wrong passwords, and disables the user after too many in a row.</summary>
internal static class LoginAttempts
{
    /// <summary>Counts one in one statement, so that guessing in parallel is counted too; a refused command saves nothing else.</summary>
    public static Task<int> CountAsync(CloudDb db, LiveSettings settings, Id<User> id, CancellationToken ct)
    {
        var allowed = settings.Get(ApiSettings.LoginAttempts);
        return db.Set<User>().Where(user => user.Id == id).ExecuteUpdateAsync(
            set => set
                .SetProperty(user => user.FailedLogins, user => user.FailedLogins + 1)
                .SetProperty(
                    user => user.State,
                    user => allowed > 0 && user.FailedLogins + 1 >= allowed && user.State == AccountState.Enabled ? AccountState.Disabled : user.State),
            ct);
    }
}
