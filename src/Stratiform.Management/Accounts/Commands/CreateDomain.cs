using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Adds a domain to the tree.</summary>
[Command("Creates a domain", AllowedTo.RootAdmin | AllowedTo.DomainAdmin)]
internal sealed record CreateDomain : ICommand<Shown<DomainWire>>
{
    [Description("The domain's name among its siblings, without slashes")]
    public required string Name { get; init; }

    [Description("The domain that it lies in; the caller's unless said")]
    public Id<Domain>? ParentDomainId { get; init; }
}

internal sealed class CreateDomainHandler(CloudDb db, CommandCommit commit, TimeProvider clock) : IHandle<CreateDomain, Shown<DomainWire>>
{
    public async Task<Shown<DomainWire>> HandleAsync(CreateDomain command, Caller caller, CancellationToken ct)
    {
        var parent = await db.FindDomainAsync(caller, command.ParentDomainId ?? caller.DomainId, nameof(command.ParentDomainId), ct);
        await TenantNames.RequireFreeDomainAsync(db, command.Name, parent.PathOf(command.Name), ct);
        var domain = new Domain(command.Name, parent, clock.GetUtcNow());
        db.Add(domain);
        commit.Add((into, token) => TenantRows.HoldAsync(into, parent.Id, parent.Path, token));
        return new(domain.Id.Value);
    }
}
