using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Accounts.Commands;

/// <summary>Says how much of something an account may have. What it has beyond that stays.</summary>
[Command("Sets a limit of an account", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record UpdateResourceLimit : ICommand<ResourceLimitWire>
{
    [Description("The account's name; limits are kept for each account")]
    public string? Account { get; init; }

    [Description("The account's domain; the caller's unless said")]
    public Id<Domain>? DomainId { get; init; }

    [Description("What is limited: 0 user_vm, 1 public_ip, 2 volume, 4 template, 6 network, 8 cpu, 9 memory (MiB), 10 primary_storage (GiB)")]
    public required int ResourceType { get; init; }

    [Description("How much the account may have; -1, or left out, is any number")]
    public long? Max { get; init; }
}

internal sealed class UpdateResourceLimitHandler(CloudDb db) : IHandle<UpdateResourceLimit, ResourceLimitWire>
{
    public async Task<ResourceLimitWire> HandleAsync(UpdateResourceLimit command, Caller caller, CancellationToken ct)
    {
        if (command.Account is null) throw Refusal.Missing(caller.Command, "account");
        if (ResourceKindWire.Of(command.ResourceType) is not { } kind)
            throw Refusal.Parameter($"resourcetype {command.ResourceType} is not counted here; listResourceLimits shows those that are.");
        var unit = ResourceKindWire.All[kind].Unit;
        if (command.Max is < -1 || command.Max > long.MaxValue / unit) throw Refusal.Parameter("max is -1 for any number, or how many.");
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var account = await db.Set<Account>().SingleAsync(a => a.Id == owner.AccountId, ct);
        if (account.Id == caller.AccountId && !caller.IsRootAdmin) throw Refusal.Permission("Nobody sets the limits of the own account; ask an administrator above you.");
        if (account.Role == AllowedTo.RootAdmin) throw Refusal.Parameter($"The account {account.Name} is a root administrator's and has no limits.");
        var domain = await db.Set<Domain>().SingleAsync(d => d.Id == account.DomainId, ct);
        var limit = await db.Set<ResourceLimit>().SingleOrDefaultAsync(l => l.AccountId == account.Id && l.Kind == kind, ct);
        if (limit is null) db.Add(limit = new ResourceLimit { AccountId = account.Id, Kind = kind });
        limit.Max = command.Max is { } max and >= 0 ? max * unit : -1;
        return ResourceLimitWire.Of(account, domain, kind, limit.Max);
    }
}
