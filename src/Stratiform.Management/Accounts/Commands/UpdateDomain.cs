using System.ComponentModel;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Renames a domain; the paths of all below it follow.</summary>
[Command("Updates a domain")]
internal sealed record UpdateDomain : ICommand<Shown<DomainWire>>
{
    [Description("The domain")]
    public required Id<Domain> Id { get; init; }

    [Description("A new name among its siblings; its users log in by the new path")]
    public string? Name { get; init; }
}

internal sealed class UpdateDomainHandler(CloudDb db, CommandCommit commit) : IHandle<UpdateDomain, Shown<DomainWire>>
{
    public async Task<Shown<DomainWire>> HandleAsync(UpdateDomain command, Caller caller, CancellationToken ct)
    {
        var domain = await db.FindDomainAsync(caller, command.Id, nameof(command.Id), ct);
        if (command.Name is not { } name || name == domain.Name) return new(domain.Id.Value);
        if (domain.ParentId is null) throw Refusal.Parameter("The domain ROOT keeps its name.");
        var from = domain.Path;
        domain.Rename(name);
        await TenantNames.RequireFreeDomainAsync(db, name, domain.Path, ct);
        var longest = await db.Database.SqlQuery<int>($"SELECT max(octet_length(path)) AS \"Value\" FROM domain WHERE starts_with(path, {from})").SingleAsync(ct);
        TenantNames.RequirePath(longest + Encoding.UTF8.GetByteCount(domain.Path) - Encoding.UTF8.GetByteCount(from));
        commit.Add((into, token) => TenantRows.MoveSubtreeAsync(into, from, domain.Path, token));
        return new(domain.Id.Value);
    }
}
