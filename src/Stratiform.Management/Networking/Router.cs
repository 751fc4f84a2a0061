using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking;

/// <summary>
/// The router of a network or a VPC: a small system VM that can be thrown away and built again at any time. It stays the same router
/// whichever domain serves as it.
/// </summary>
public sealed class Router : IOwned, IRemovable
{
    private Router() { }

    public Router(Network network, DateTimeOffset now, RouterMake? made = null, int rank = 0)
    {
        Rank = rank;
        Made = made ?? RouterMake.BuiltIn;
        Id = Protocol.Id.New<Router>();
        ServingId = Id.Value;
        (ScopeId, ZoneId, AccountId, DomainId, CreatedAt) = (network.ScopeId!.Value, network.ZoneId, network.AccountId, network.DomainId, now);
        Name = NameOf(ServingId);
        PublicNicId = Protocol.Id.Derive(Id.Value, "public");
        IsOutside = !network.IsShared;
    }

    public Id<Router> Id { get; private set; }

    /// <summary>That of the domain that serves: operators find it on the host by it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What it serves.</summary>
    public Id<RouterScope> ScopeId { get; private set; }

    /// <summary>0, or 1 for the second one of a pair; of two that begin at once the first one serves.</summary>
    public int Rank { get; private set; }

    /// <summary>Where it stood in its pair when it was asked last; null when it did not say, and for a router alone.</summary>
    public PairState? Turn { get; private set; }

    public Id<Zone> ZoneId { get; private set; }
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public VmState State { get; private set; } = VmState.Stopped;
    public Id<Host>? HostId { get; private set; }

    /// <summary>The domain that serves as it: another one after each rebuild.</summary>
    public Guid ServingId { get; private set; }

    /// <summary>The fence under which its domain was last asked for; what a host saw before it is outdated.</summary>
    public long DomainFence { get; set; }

    /// <summary>What the MAC of its public card follows from.</summary>
    public Guid PublicNicId { get; private set; }

    /// <summary>It has a card in the public network, which those of shared networks do without.</summary>
    public bool IsOutside { get; private set; }

    /// <summary>Grows with its cards; who loses a race about them takes the step again.</summary>
    public long CardsVersion { get; private set; }

    /// <summary>The newest configuration it runs; 0 after each boot.</summary>
    public long AppliedGeneration { get; private set; }

    /// <summary>The newest configuration that it refused; 0 for none.</summary>
    public long RefusedGeneration { get; private set; }

    /// <summary>Which part refused it, and why, as the rest of a sentence.</summary>
    public string RefusedBecause { get; private set; } = "";

    /// <summary>An administrator stopped it, and it stays so until somebody needs or starts it.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>What the domain that serves is made of, or will be when it boots.</summary>
    public RouterMake Made { get; private set; } = RouterMake.BuiltIn;

    /// <summary>The architecture that it is of; null while it is off and that is open.</summary>
    public string? Arch => State == VmState.Stopped ? Made.ChosenArch : Made.Arch;

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    public Subject Subject => new(SubjectKinds.Router, Id.Value);

    /// <summary>Refuses what the state does not allow.</summary>
    /// <exception cref="CloudException">The state is none of these.</exception>
    public void RequireState(string action, params ReadOnlySpan<VmState> states)
    {
        if (!states.Contains(State))
            throw Refusal.Parameter($"The router {Name} is {State}; to {action} it, it must be {string.Join(" or ", states.ToArray())}.");
    }

    /// <summary>Its card in one more network.</summary>
    /// <param name="network">The network.</param>
    public RouterCard AddCard(Network network)
    {
        CardsVersion++;
        return new(this, network);
    }

    /// <summary>Gives a card of it an address of its own, where the network's way out is another's, or the pair's.</summary>
    public void Number(RouterCard card, Ipv4Address ip)
    {
        CardsVersion++;
        card.TakeOwn(ip);
    }

    /// <summary>Its card in the network of a private gateway.</summary>
    public RouterCard AddCard(PrivateGateway gateway)
    {
        CardsVersion++;
        return new(this, gateway);
    }

    /// <summary>Notes whether the domain has the card.</summary>
    public void Plug(RouterCard card, bool isIn)
    {
        if (card.IsIn == isIn) return;
        CardsVersion++;
        card.Mark(isIn);
    }

    /// <summary>A card of it goes.</summary>
    public void ForgetCard() => CardsVersion++;

    public void MarkStarting() => (State, AppliedGeneration, RefusedGeneration) = (VmState.Starting, 0, 0);

    /// <summary>It boots of this.</summary>
    public void MakeOf(RouterMake made) => Made = made;

    public void PlaceOn(Id<Host>? host) => HostId = host;

    /// <summary>A start that fails leaves it held as it was.</summary>
    public void MarkRunning() => (State, IsHeld) = (VmState.Running, false);

    /// <summary>It is going off, to stay so or to boot again.</summary>
    public void MarkStopping(bool hold) => (State, IsHeld) = (VmState.Stopping, hold);

    public void MarkStopped() => (State, HostId, AppliedGeneration) = (VmState.Stopped, null, 0);

    internal static string NameOf(Guid domain) => "r-" + domain.ToString()[24..];

    /// <summary>From now on the twin's domain serves, and the one that did until now is what the twin stands for.</summary>
    public void ChangePlaces(RouterTwin twin)
    {
        var leaving = (ServingId, HostId!.Value, DomainFence, Made);
        (ServingId, HostId, DomainFence, AppliedGeneration, RefusedGeneration) = (twin.DomainId, twin.HostId, twin.DomainFence, twin.AppliedGeneration, 0);
        Made = twin.Made;
        Name = NameOf(ServingId);
        twin.StandFor(leaving);
    }

    public void Applied(long generation) => AppliedGeneration = Math.Max(AppliedGeneration, generation);

    public void Refused(long generation, string because) => (RefusedGeneration, RefusedBecause) = (generation, because);

    /// <summary>Throws when it refused this generation, unless it has applied it or a newer one since.</summary>
    /// <exception cref="CloudException">It did (534); the text says which part.</exception>
    public void RequireNotRefused(long generation)
    {
        if (RefusedGeneration >= generation && AppliedGeneration < generation)
            throw Refusal.Unavailable($"The router {Name} keeps its configuration: {RefusedBecause}");
    }

    public void Remove(DateTimeOffset now) => (State, HostId, RemovedAt) = (VmState.Expunging, null, now);

    internal sealed class Mapping : IEntityTypeConfiguration<Router>
    {
        public void Configure(EntityTypeBuilder<Router> entity)
        {
            entity.Ignore(r => r.Arch);
            entity.Property(r => r.CardsVersion).IsConcurrencyToken();
            RouterMake.Map(entity.Property(r => r.Made));
            entity.HasIndex(r => new { r.ScopeId, r.Rank }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasIndex(r => r.HostId);
            entity.HasOne<RouterScope>().WithMany().HasForeignKey(r => r.ScopeId).OnDelete(DeleteBehavior.Restrict);
            entity.HasOne<Host>().WithMany().HasForeignKey(r => r.HostId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
