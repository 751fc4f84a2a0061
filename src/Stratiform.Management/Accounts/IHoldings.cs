using Stratiform.Management.Api;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts;

/// <summary>What accounts and domains have of the slices above.</summary>
internal interface IHoldings
{
    /// <summary>What an account owns or is kept for it, and what keeps it from being deleted therefore.</summary>
    IReadOnlyList<Holding> Of(Id<Account> account);

    /// <summary>What is kept for a domain.</summary>
    IReadOnlyList<Holding> Of(Id<Domain> domain);

    /// <summary>Orders every virtual machine of an account that runs to stop, as the caller would.</summary>
    Task StopGuestsAsync(Id<Account> account, Caller caller, CancellationToken ct);

    /// <summary>Deletes what an account leaves behind that nobody can delete by hand, in the commit that deletes the account.</summary>
    Task LeaveAsync(Id<Account> account, CancellationToken ct);
}

/// <summary>One kind of things that are in the way.</summary>
/// <param name="One">What one is called: "virtual machine".</param>
/// <param name="Many">What several are called.</param>
/// <param name="Command">What deletes one.</param>
/// <param name="Names">Their names.</param>
internal sealed record Holding(string One, string Many, string Command, IQueryable<string> Names);
