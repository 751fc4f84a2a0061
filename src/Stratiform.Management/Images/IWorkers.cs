using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>The workers that move images: declared here, told by the slice that owns system VMs.</summary>
public interface IWorkers
{
    /// <summary>
    /// The worker that has the session, or else the one with the most room; null while all are busy or booting. A session that waits is
    /// seated at once, so that nobody else finds the same seat.
    /// </summary>
    Task<WorkerSeat?> FindAsync(Id<Zone> zone, Guid session, CancellationToken ct);

    /// <summary>Gives the session to the worker, in the step's commit; nothing happens when it has it.</summary>
    /// <exception cref="TransientException">The worker has no room any more.</exception>
    Task TakeAsync(DbContext commit, Guid session, WorkerSeat seat, CancellationToken ct);

    /// <summary>Ends the session, in the step's commit; nothing happens when there is none.</summary>
    Task LeaveAsync(DbContext commit, Guid session, CancellationToken ct);

    /// <summary>A worker of the zone that knows all its stores, for what takes no time; null when there is none.</summary>
    Task<WorkerSeat?> AnyAsync(Id<Zone> zone, CancellationToken ct);

    /// <summary>
    /// The worker of the zone that is the last to go when fewer are needed, for links that outlive the call; null when there is none.
    /// </summary>
    Task<WorkerSeat?> LastingAsync(Id<Zone> zone, CancellationToken ct);

    /// <summary>Whether any worker of the zone runs, told of all its stores or not.</summary>
    Task<bool> AnyRunsAsync(Id<Zone> zone, CancellationToken ct);

    /// <summary>What workers know of the zone's stores is outdated: they are told anew before they get anything. In the step's commit.</summary>
    Task StoresChangedAsync(DbContext commit, Id<Zone> zone, CancellationToken ct);

    /// <summary>Has the number of workers looked at now.</summary>
    Task NudgeAsync(CancellationToken ct);
}

/// <summary>A worker and where it is.</summary>
/// <param name="WorkerId">Its domain.</param>
/// <param name="HostId">Its host, whose agent passes messages on.</param>
/// <param name="Address">Where hosts of its zone fetch images from it.</param>
/// <param name="PublicAddress">Where everybody else reaches it.</param>
/// <param name="Boot">Tells one boot of it from another: with each it forgets everything.</param>
public sealed record WorkerSeat(Guid WorkerId, Id<Infrastructure.Host> HostId, string Address, string PublicAddress, long Boot = 0);

/// <summary>What is common to those who need a worker at once.</summary>
internal static class WorkersNow
{
    /// <summary>Any worker of the zone.</summary>
    /// <exception cref="TransientException">There is none at the moment.</exception>
    public static async Task<WorkerSeat> RequireAsync(this IWorkers workers, Id<Zone> zone, CancellationToken ct) =>
        await workers.AnyAsync(zone, ct) ?? throw new TransientException("no secondary storage VM of the zone works at the moment");

    /// <summary>The worker that has the session, which is to drop what it does for it, or else any of the zone; null when there is none.</summary>
    public static async Task<WorkerSeat?> HolderOrAnyAsync(this IWorkers workers, Id<Zone> zone, Guid session, CancellationToken ct) =>
        await workers.FindAsync(zone, session, ct) ?? await workers.AnyAsync(zone, ct);
}
