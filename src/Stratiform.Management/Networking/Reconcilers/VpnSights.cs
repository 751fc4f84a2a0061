using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Reconcilers;

/// <summary>Notes how VPN connections stand. It changes nothing about them: routers begin anew by themselves what broke off.</summary>
public sealed class VpnSights(CloudDb db, VpnLook look, LiveSettings settings) : IReconciler
{
    public TimeSpan Interval => TimeSpan.FromSeconds(settings.Get(NetworkSettings.RouterStateInterval));

    public async Task ReconcileAsync(CancellationToken ct)
    {
        await look.NoteAllAsync(ct);
        await db.SaveChangesAsync(ct);
    }
}
