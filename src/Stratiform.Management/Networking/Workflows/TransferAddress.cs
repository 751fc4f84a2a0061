using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Database;
using Stratiform.Management.Events;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Workflows;

/// <summary>
/// Moves a portable address to another network or VPC of its owner's, where all of it leads to one guest. The router that had it forgets it
/// before the other one learns of it, and the same the other way round when that cannot: two of one address would hide each other.
/// </summary>
public sealed class TransferAddress(CloudDb db, RoutersInStep routers, TimeProvider clock) : Workflow<TransferAddress.Memory>
{
    // Tries of an undo, whose pauses add up to some seconds: longer than that the address is not to be with nobody.
    private const int Patience = 6;

    /// <summary>What the steps remember.</summary>
    /// <param name="AddressId">The address.</param>
    /// <param name="FromId">Who held it.</param>
    /// <param name="ToId">Who is to hold it.</param>
    /// <param name="NetworkId">The network that it is to lead into.</param>
    /// <param name="To">The guest's card and address.</param>
    /// <param name="Generations">The generation that the router of the step must have applied.</param>
    /// <param name="Returned">True once it was handed over and back.</param>
    public sealed record Memory(
        Id<PublicIpAddress> AddressId, Id<RouterScope> FromId, Id<RouterScope> ToId, Id<Network> NetworkId, CardAddress To,
        IReadOnlyDictionary<Guid, long>? Generations = null, bool Returned = false);

    public static Order<TransferAddress> For(PublicIpAddress address, Network network, CardAddress to) => new()
    {
        State = new Memory(address.Id, address.ScopeId!.Value, network.ScopeId!.Value, network.Id, to),
        Subjects = [address.Subject],
        InstanceKind = nameof(PublicIpAddress),
        InstanceId = address.Id.Value,
    };

    protected override void Define(Plan plan) => plan
        .Do(MarkReleasing).Undo(MarkHeld)
        .Until(FormerRouterForgotIt, TimeSpan.FromMinutes(5))
        .Do(HandOver).Undo(HandBack)
        .Until(RouterHasIt, TimeSpan.FromMinutes(5));

    // Null when that network or VPC went meanwhile, and its addresses with it.
    private Task<PublicIpAddress?> HeldByAsync(Id<RouterScope> scope, CancellationToken ct) =>
        db.Set<PublicIpAddress>().SingleOrDefaultAsync(a => a.Id == State.AddressId && a.ScopeId == scope, ct);

    private async Task<PublicIpAddress> RequireHeldAsync(CancellationToken ct) =>
        await HeldByAsync(State.FromId, ct) ?? throw Api.Refusal.Conflict("The public address was released meanwhile; nothing was changed.");

    private async Task MarkReleasing(CancellationToken ct)
    {
        (await RequireHeldAsync(ct)).MarkReleasing();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.FromId, token));
        // After the generation was raised, which lets those who add rules pass one after the other.
        InCommit((commit, token) => PortableIps.RequireUnusedAsync(commit, State.AddressId, token));
    }

    private async Task MarkHeld(CancellationToken ct)
    {
        if (await HeldByAsync(State.FromId, ct) is not { IsReleasing: true } held) return;
        if (Row.Attempt < Patience && await OtherRouterHasItAsync(ct)) throw new TransientException("the other router has it still");
        held.MarkHeld();
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.FromId, token));
    }

    private async Task<bool> OtherRouterHasItAsync(CancellationToken ct) => State.Returned && await db.Set<Router>().AnyAsync(
        r => r.ScopeId == State.ToId && r.State == VmState.Running && db.Set<RouterScope>().Any(s => s.Id == r.ScopeId && s.WantedGeneration > r.AppliedGeneration), ct);

    private Task<bool> FormerRouterForgotIt(CancellationToken ct) => HasAppliedAsync(State.FromId, ct);

    private async Task HandOver(CancellationToken ct)
    {
        var address = await RequireHeldAsync(ct);
        address.MoveTo(State.ToId);
        address.LeadTo(State.To);
        State = State with { Generations = null };
        db.Add(new Event(NetworkEvents.AddressTransferred, $"The portable address {address.Address} moves to another network", new(Row.UserId), new(Row.AccountId), new(Row.DomainId), clock.GetUtcNow())
        {
            ResourceKind = nameof(PublicIpAddress),
            ResourceId = address.Id.Value,
            ResourceName = address.Address.ToString(),
        });
        InCommit((commit, token) => RoutersInStep.RaiseForChangeAsync(commit, State.NetworkId, token));
        InCommit(RequireGuestAsync);
    }

    private async Task RequireGuestAsync(DbContext commit, CancellationToken ct)
    {
        if (!await State.To.IsThereAsync(commit, ct)) throw Api.Refusal.Conflict("The virtual machine or its address is gone; nothing was changed.");
    }

    // It is nobody's any more when the one that had it went meanwhile.
    private async Task HandBack(CancellationToken ct)
    {
        if (await HeldByAsync(State.ToId, ct) is not { } address) return;
        address.LeadTo(null);
        if (await PortableIps.IsThereAsync(db, State.FromId, ct))
        {
            address.MoveTo(State.FromId);
            address.MarkReleasing();
            InCommit(RequireFormerAsync);
        }
        else
        {
            address.Release();
            InCommit((commit, token) => Limits.ReleaseAsync(commit, State.AddressId.Value, token));
        }
        State = State with { Returned = true };
        InCommit((commit, token) => RoutersInStep.RaiseAsync(commit, State.ToId, token));
        InCommit((_, token) => routers.BringForwardAsync([State.NetworkId], token));
    }

    private async Task RequireFormerAsync(DbContext commit, CancellationToken ct)
    {
        if (!await PortableIps.IsThereAsync(commit, State.FromId, ct)) throw new TransientException("the network or VPC that had it goes");
    }

    private Task<bool> RouterHasIt(CancellationToken ct) => HasAppliedAsync(State.ToId, ct);

    private async Task<bool> HasAppliedAsync(Id<RouterScope> scope, CancellationToken ct)
    {
        State = State with { Generations = State.Generations ?? await routers.WantedAsync(scope, ct) };
        return await routers.HaveAppliedAsync(State.Generations, ct);
    }
}
