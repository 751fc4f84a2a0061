using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Lets a router serve a public address that the order's commit gave its network or VPC; given back if it cannot.</summary>
public sealed class AcquireAddress(CloudDb db, RoutersInStep routers) : Workflow<AcquireAddress.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="AddressId">The address.</param>
    /// <param name="ScopeId">Whose it is.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(Id<PublicIpAddress> AddressId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<AcquireAddress> For(PublicIpAddress address) => new()
    {
        State = new Memory(address.Id, address.ScopeId!.Value),
        Subjects = [address.Subject],
        InstanceKind = nameof(PublicIpAddress),
        InstanceId = address.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(NoteGeneration).Undo(GiveBack)
        .Until(RouterHasIt, TimeSpan.FromMinutes(5));

    // The order's commit raised it.
    private async Task NoteGeneration(CancellationToken ct) =>
        State = State with { Generations = await routers.WantedAsync(State.ScopeId, ct) };

    private async Task GiveBack(CancellationToken ct)
    {
        var held = await db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId && a.ScopeId == State.ScopeId, ct);
        held?.GiveUp();
        // Who had reserved it is counted for it as before.
        if (held?.ReservedById is null) InCommit((commit, token) => Limits.ReleaseAsync(commit, State.AddressId.Value, token));
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
        InCommit((commit, token) => commit.Set<NetworkRule>().Where(r => r.AddressId == State.AddressId).ExecuteDeleteAsync(token));
    }

    private Task<bool> RouterHasIt(CancellationToken ct) => routers.HaveAppliedAsync(State.Generations!, ct);
}
