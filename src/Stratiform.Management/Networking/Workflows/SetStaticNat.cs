using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Leads all of a public address to one guest, or ends that, with the firewall rules that were made for it.</summary>
public sealed class SetStaticNat(CloudDb db, RoutersInStep routers) : Workflow<SetStaticNat.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="AddressId">The address.</param>
    /// <param name="ScopeId">Who holds it.</param>
    /// <param name="To">The guest's card and address; null ends it.</param>
    /// <param name="Set">True once it is noted.</param>
    /// <param name="Before">Where it led before.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(
        Id<PublicIpAddress> AddressId, Id<RouterScope> ScopeId, CardAddress? To, bool Set = false, CardAddress? Before = null,
        IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<SetStaticNat> For(PublicIpAddress address, CardAddress? to) => new()
    {
        State = new Memory(address.Id, address.ScopeId!.Value, to),
        Subjects = [address.Subject],
        InstanceKind = nameof(PublicIpAddress),
        InstanceId = address.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(Lead).Undo(LeadAsBefore)
        .Until(RouterKnowsIt, TimeSpan.FromMinutes(5))
        .Do(ForgetRules);

    private async Task Lead(CancellationToken ct)
    {
        var address = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId && a.ScopeId == State.ScopeId, ct)
            ?? throw Api.Refusal.Conflict("The public address was released meanwhile; nothing was changed.");
        State = State with { Set = true, Before = address.LeadsTo };
        address.LeadTo(State.To);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        if (State.To is { } to) InCommit((commit, token) => RequireStillPossibleAsync(commit, to, token));
    }

    // After the generation was raised, which lets those who add rules pass one after the other.
    private async Task RequireStillPossibleAsync(DbContext commit, CardAddress to, CancellationToken ct)
    {
        if (!await to.IsThereAsync(commit, ct)) throw Api.Refusal.Conflict("The virtual machine or its address is gone; nothing was changed.");
        await StaticNat.RequireNoForwardingAsync(commit, State.AddressId, ct);
    }

    private async Task LeadAsBefore(CancellationToken ct)
    {
        if (!State.Set) return;
        var address = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId && a.ScopeId == State.ScopeId, ct);
        var isThere = State.Before is not { } before || await before.IsThereAsync(db, ct);
        address?.LeadTo(isThere ? State.Before : null);
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterKnowsIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    // Nothing leads on from the address any more: what the rules let in reached nobody before they go.
    private Task ForgetRules(CancellationToken ct)
    {
        if (State.To is not null) return Task.CompletedTask;
        InCommit((commit, token) => commit.Set<NetworkRule>().Where(r => r.AddressId == State.AddressId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        return Task.CompletedTask;
    }
}
