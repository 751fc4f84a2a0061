using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Registered user data as clients see it.</summary>
[WireName("userdata")]
public sealed record UserDataWire
{
    [Description("The user data's id")]
    public required Guid Id { get; init; }

    [Description("The user data's name")]
    public required string Name { get; init; }

    [Description("The content, base64")]
    public required string UserData { get; init; }

    [Description("Names of parameters that a deployment fills in, comma separated")]
    public string? Params { get; init; }

    [Description("The owner's id")]
    public required Guid AccountId { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }
}

internal sealed class UserDataWireReader(CloudDb db) : IReadWire<UserDataWire>
{
    public async Task<IReadOnlyList<UserDataWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<UserDataText>(id)).ToList();
        var rows = await (
            from text in db.Set<UserDataText>().AsNoTracking()
            where keys.Contains(text.Id)
            join account in db.Set<Account>().IgnoreQueryFilters() on text.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on text.DomainId equals domain.Id
            select new { Text = text, Account = account.Name, Domain = domain.Name }).ToListAsync(ct);
        return [.. rows.InOrderOf(ids, r => r.Text.Id.Value).Select(r => new UserDataWire
        {
            Id = r.Text.Id.Value,
            Name = r.Text.Name,
            UserData = Convert.ToBase64String(r.Text.Content),
            Params = r.Text.Parameters,
            AccountId = r.Text.AccountId.Value,
            Account = r.Account,
            DomainId = r.Text.DomainId.Value,
            Domain = r.Domain,
        })];
    }
}
