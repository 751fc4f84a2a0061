using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Deletes a domain that nothing is in.</summary>
[Command("Deletes a domain that has no domains and accounts in it and nothing kept for it", AllowedTo.RootAdmin | AllowedTo.DomainAdmin)]
internal sealed record DeleteDomain : IAsyncCommand<Success>
{
    [Description("The domain")]
    public required Id<Domain> Id { get; init; }
}

internal sealed class DeleteDomainHandler(CloudDb db, IHoldings holdings, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<DeleteDomain, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteDomain command, Caller caller, CancellationToken ct)
    {
        var domain = await db.FindDomainAsync(caller, command.Id, nameof(command.Id), ct);
        if (domain.ParentId is null) throw Refusal.Parameter("The domain ROOT is always there; nobody can delete it.");
        domain.Remove(clock.GetUtcNow());
        // After the row is taken: whoever puts something into the domain holds it.
        commit.Add((_, token) => Within(domain.Id).RequireNoneAsync($"The domain {DomainWire.ShownPath(domain.Path)}", token));
        return new(queue.RecordDone(caller.Asks, nameof(Domain), domain.Id.Value).Id);
    }

    private IEnumerable<Holding> Within(Id<Domain> domain) =>
    [
        new("domain", "domains", "deleteDomain", db.Set<Domain>().Where(d => d.ParentId == domain).Select(d => d.Name)),
        new("account", "accounts", "deleteAccount", db.Set<Account>().Where(a => a.DomainId == domain).Select(a => a.Name)),
        .. holdings.Of(domain),
    ];
}
