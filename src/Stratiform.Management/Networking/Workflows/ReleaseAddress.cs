using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>Gives a public address back, with its rules, once its router serves it no more.</summary>
public sealed class ReleaseAddress(CloudDb db, RoutersInStep routers, Quarantine quarantine) : Workflow<ReleaseAddress.Memory>
{
    /// <summary>What the steps remember.</summary>
    /// <param name="AddressId">The address.</param>
    /// <param name="ScopeId">Who held it.</param>
    /// <param name="Generations">The generation that its router must have applied.</param>
    public sealed record Memory(Id<PublicIpAddress> AddressId, Id<RouterScope> ScopeId, IReadOnlyDictionary<Guid, long>? Generations = null);

    public static Order<ReleaseAddress> For(PublicIpAddress address) => new()
    {
        State = new Memory(address.Id, address.ScopeId!.Value),
        Subjects = [address.Subject],
        InstanceKind = nameof(PublicIpAddress),
        InstanceId = address.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkReleasing).Undo(MarkHeld)
        .Until(RouterForgotIt, TimeSpan.FromMinutes(5))
        .Do(Free);

    // Null when the network or VPC went meanwhile, and its addresses with it.
    private Task<PublicIpAddress?> HeldAsync(CancellationToken ct) =>
        db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId && a.ScopeId == State.ScopeId, ct);

    private async Task MarkReleasing(CancellationToken ct)
    {
        (await HeldAsync(ct))?.MarkReleasing();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task MarkHeld(CancellationToken ct)
    {
        (await HeldAsync(ct))?.MarkHeld();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ScopeId, token));
    }

    private async Task<bool> RouterForgotIt(CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(State.ScopeId, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }

    private async Task Free(CancellationToken ct)
    {
        if (await HeldAsync(ct) is not { } held) return;
        await quarantine.BeginAsync(db.Set<PublicIpAddress>().Where(a => a.Id == held.Id), ct);
        held.Release();
        InCommit((commit, token) => commit.Set<NetworkRule>().Where(r => r.AddressId == State.AddressId).ExecuteDeleteAsync(token));
        InCommit((commit, token) => Limits.ReleaseAsync(commit, State.AddressId.Value, token));
    }
}
