using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Deletes an account that owns nothing, with its users.</summary>
[Command("Deletes an account that owns nothing, with its users", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record DeleteAccount : IAsyncCommand<Success>
{
    [Description("The account")]
    public required Id<Account> Id { get; init; }
}

internal sealed class DeleteAccountHandler(
    CloudDb db, Authority authority, Users users, IHoldings holdings, CommandCommit commit, WorkflowQueue queue, TimeProvider clock)
    : IHandle<DeleteAccount, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeleteAccount command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindOtherAccountAsync(caller, command.Id, name: null, domainId: null, "delete", ct);
        account.Remove(clock.GetUtcNow());
        foreach (var user in await db.Set<User>().Where(u => u.AccountId == account.Id).ToListAsync(ct)) user.Remove(clock.GetUtcNow());
        users.EndSessions(account.Id);
        // After the row is taken: whoever makes something for the account holds it.
        commit.Add(async (_, token) =>
        {
            await holdings.Of(account.Id).RequireNoneAsync($"The account {account.Name}", token);
            await holdings.LeaveAsync(account.Id, token);
            await db.Set<Tag>().Where(t => t.AccountId == account.Id).ExecuteDeleteAsync(token);
            await db.Set<ResourceLimit>().Where(l => l.AccountId == account.Id).ExecuteDeleteAsync(token);
        });
        return new(queue.RecordDone(caller.Asks, nameof(Account), account.Id.Value).Id);
    }
}
