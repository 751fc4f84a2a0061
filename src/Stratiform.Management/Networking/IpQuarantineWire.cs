using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>A public address that is kept from others for a while, as clients see it.</summary>
[WireName("quarantinedip")]
public sealed record IpQuarantineWire
{
    [Description("The quarantine's id")]
    public required Guid Id { get; init; }

    [Description("The address")]
    public required string IpAddress { get; init; }

    [Description("The account that had it, and may have it again")]
    public required Guid PreviousOwnerId { get; init; }

    [Description("That account's name")]
    public required string PreviousOwnerName { get; init; }

    [Description("When it was given back")]
    public required DateTimeOffset Created { get; init; }

    [Description("When everybody may have it")]
    public required DateTimeOffset EndDate { get; init; }

    [Description("When the quarantine was ended before that")]
    public DateTimeOffset? Removed { get; init; }

    [Description("Why it was")]
    public string? RemovalReason { get; init; }

    [Description("The account that ended it; absent where its owner took the address again")]
    public Guid? RemoverAccountId { get; init; }
}

internal sealed class IpQuarantineWireReader(CloudDb db) : IReadWire<IpQuarantineWire>
{
    public async Task<IReadOnlyList<IpQuarantineWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<IpQuarantine>(id)).ToList();
        var rows = await (
            from quarantine in db.Set<IpQuarantine>().AsNoTracking()
            where keys.Contains(quarantine.Id)
            join address in db.Set<PublicIpAddress>() on quarantine.AddressId equals address.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on quarantine.AccountId equals account.Id
            select new { Quarantine = quarantine, address.Address, Account = account.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Quarantine.Id.Value).Select(r => new IpQuarantineWire
        {
            Id = r.Quarantine.Id.Value,
            IpAddress = r.Address.ToString(),
            PreviousOwnerId = r.Quarantine.AccountId.Value,
            PreviousOwnerName = r.Account,
            Created = r.Quarantine.CreatedAt,
            EndDate = r.Quarantine.EndsAt,
            Removed = r.Quarantine.RemovedAt,
            RemovalReason = r.Quarantine.RemovalReason,
            RemoverAccountId = r.Quarantine.RemoverId?.Value,
        })];
    }
}
