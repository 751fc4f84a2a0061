using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Keeps an account's users from acting, and stops its virtual machines unless it is only to be locked.</summary>
[Command("Disables an account: its users may not act, and its virtual machines stop", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record DisableAccount : IAsyncCommand<AccountWire>
{
    [Description("The account; or give account and domainid")]
    public Id<Account>? Id { get; init; }

    [Description("The account's name, instead of id")]
    public string? Account { get; init; }

    [Description("With account: its domain; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }

    [Description("True locks the account alone: its virtual machines run on")]
    public required bool? Lock { get; init; }
}

internal sealed class DisableAccountHandler(Authority authority, Users users, IHoldings holdings, WorkflowQueue queue)
    : IHandle<DisableAccount, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DisableAccount command, Caller caller, CancellationToken ct)
    {
        var account = await authority.FindOtherAccountAsync(caller, command.Id, command.Account, command.DomainId, "disable", ct);
        if (command.Lock == true) account.Lock();
        else
        {
            account.Disable();
            await holdings.StopGuestsAsync(account.Id, caller, ct);
        }
        users.EndSessions(account.Id);
        return new(queue.RecordDone(caller.Asks, nameof(Account), account.Id.Value).Id);
    }
}
