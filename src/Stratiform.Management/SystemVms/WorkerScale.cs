using Stratiform.Management.Settings;

namespace Stratiform.Management.SystemVms;

/// <summary>How many secondary storage VMs a zone is to have.</summary>
/// <param name="SessionMax">Transfers of one at a time.</param>
/// <param name="Standby">Transfers that could begin at once.</param>
public sealed record WorkerScale(int SessionMax, int Standby)
{
    /// <summary>As the settings say at this moment.</summary>
    public static WorkerScale Of(LiveSettings settings) => new(
        settings.Get(SystemVmSettings.SessionMax),
        settings.Get(SystemVmSettings.ReserveCapacity) ? settings.Get(SystemVmSettings.CapacityStandby) : 0);

    /// <summary>The fewest with which <c>workers × max − active ≥ standby</c>, and one at least.</summary>
    /// <param name="active">Transfers that have a worker or wait for one.</param>
    public int Wanted(int active) => Math.Max(1, (active + Standby + SessionMax - 1) / SessionMax);
}
