using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Public addresses that accounts in reach gave back, and that nobody else gets for now.</summary>
[Command("Lists public addresses that are in quarantine", AllowedTo.RootAdmin | AllowedTo.DomainAdmin)]
internal sealed record ListQuarantinedIps : ListQuery<IpQuarantineWire>
{
    [Description("True lists those as well that were ended before their time")]
    public bool? ShowRemoved { get; init; }

    [Description("True lists those as well whose time is over")]
    public bool? ShowInactive { get; init; }
}

internal sealed class ListQuarantinedIpsHandler(CloudDb db, Lists<IpQuarantineWire> lists, TimeProvider clock) : IHandle<ListQuarantinedIps, Page<IpQuarantineWire>>
{
    public Task<Page<IpQuarantineWire>> HandleAsync(ListQuarantinedIps command, Caller caller, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var found = db.Visible<IpQuarantine>(caller);
        if (command.ShowRemoved != true) found = found.Where(q => q.RemovedAt == null);
        if (command.ShowInactive != true) found = found.Where(q => q.EndsAt > now);
        if (command.Keyword is { } keyword)
            found = found.Where(q => db.Set<Account>().Any(a => a.Id == q.AccountId && EF.Functions.ILike(a.Name, Keyword.Pattern(keyword), Keyword.Escape)));
        return lists.PageAsync(found.OrderBy(q => q.CreatedAt).ThenBy(q => q.Id).Select(q => q.Id), command, caller, ct);
    }
}
