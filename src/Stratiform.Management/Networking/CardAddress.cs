using Microsoft.EntityFrameworkCore;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>One address of a card, for ports or all of a public address to lead to.</summary>
/// <param name="NicId">The card.</param>
/// <param name="FurtherId">Which of its further addresses; null for the card's own, whatever that is.</param>
public sealed record CardAddress(Id<Nic> NicId, Id<NicAddress>? FurtherId = null)
{
    /// <summary>Whether the card still has it.</summary>
    public Task<bool> IsThereAsync(DbContext db, CancellationToken ct) => FurtherId is { } further
        ? db.Set<NicAddress>().AnyAsync(a => a.Id == further && a.NicId == NicId, ct)
        : db.Set<Nic>().AnyAsync(n => n.Id == NicId, ct);
}
