using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>How much of everything an account may have.</summary>
[Command("Lists the limits of an account", AllowedTo.Everyone)]
internal sealed record ListResourceLimits : ListQuery<ResourceLimitWire>
{
    [Description("Lists the limits of the account of this name in domainid, else the caller's own")]
    public string? Account { get; init; }

    [Description("That account's domain")]
    public Id<Domain>? DomainId { get; init; }

    [Description("Lists only the limit of this number: 0 user_vm, 1 public_ip, 2 volume, 4 template, 6 network, 8 cpu, 9 memory, 10 primary_storage")]
    public int? ResourceType { get; init; }

    [Description("Lists only the limit of this name")]
    public string? ResourceTypeName { get; init; }
}

internal sealed class ListResourceLimitsHandler(CloudDb db, Limits limits, Pages pages) : IHandle<ListResourceLimits, Page<ResourceLimitWire>>
{
    public async Task<Page<ResourceLimitWire>> HandleAsync(ListResourceLimits command, Caller caller, CancellationToken ct)
    {
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var account = await db.Set<Account>().AsNoTracking().SingleAsync(a => a.Id == owner.AccountId, ct);
        var domain = await db.Set<Domain>().AsNoTracking().SingleAsync(d => d.Id == account.DomainId, ct);
        var own = await db.Set<ResourceLimit>().Where(l => l.AccountId == account.Id).ToDictionaryAsync(l => l.Kind, l => l.Max, ct);
        var shown = ResourceKindWire.All.OrderBy(k => k.Value.Number)
            .Where(k => command.ResourceType is null || k.Value.Number == command.ResourceType)
            .Where(k => command.ResourceTypeName is null || k.Value.Name.Equals(command.ResourceTypeName, StringComparison.OrdinalIgnoreCase))
            .Where(k => command.Keyword is null || k.Value.Name.Contains(command.Keyword, StringComparison.OrdinalIgnoreCase))
            .Select(k => ResourceLimitWire.Of(account, domain, k.Key, limits.Of(account, k.Key, own)));
        return pages.Of([.. shown], command);
    }
}
