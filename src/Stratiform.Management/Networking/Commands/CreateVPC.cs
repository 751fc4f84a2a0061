using System.ComponentModel;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Management.Settings;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Adds a VPC with the address that its guests go out by; its router starts with its first guest.</summary>
[Command("Creates a VPC", AllowedTo.Everyone)]
internal sealed record CreateVPC : IAsyncCommand<VpcWire>
{
    [Description("The VPC's name")]
    public required string Name { get; init; }

    [Description("What it is, for people; the name unless said")]
    public string? DisplayText { get; init; }

    [Description("Its offering")]
    public required Id<VpcOffering> VpcOfferingId { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("The range within which its tiers' will be, such as 10.1.0.0/16")]
    public string? Cidr { get; init; }

    [Description("Search domain of its guests")]
    public string? NetworkDomain { get; init; }

    [Description("The first name server that its router asks; the zone's unless said")]
    public string? Dns1 { get; init; }

    [Description("The second one")]
    public string? Dns2 { get; init; }

    [Description("The public address that its guests go out by, if it is free; any unless said")]
    public string? SourceNatIpAddress { get; init; }

    [Description("False takes the public address that its guests go out by with its first tier, not now")]
    public bool? Start { get; init; }

    [Description("Largest packet that its router sends to the public network, bytes; who may say it and how much the settings say (vr.public.interface.max.mtu)")]
    public int? PublicMtu { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }
}

internal sealed class CreateVPCHandler(
    CloudDb db, Addresses addresses, Limits limits, LiveSettings settings, CommandCommit commit, WorkflowQueue queue, TimeProvider clock) : IHandle<CreateVPC, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateVPC command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        var offering = await db.FindAsync(caller, command.VpcOfferingId, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        if (offering.State != AllocationState.Enabled) throw Refusal.Parameter($"The VPC offering {offering.Name} is disabled; choose another (listVPCOfferings).");
        if (command.Cidr is not { } text) throw Refusal.Missing(caller.Command, "cidr");
        var cidr = WireRules.Cidrs([text], "cidr")[0];
        if (cidr.PrefixLength is < 8 or > 29) throw Refusal.Parameter($"The network {cidr} is too large or too small for a VPC; use a mask between /8 and /29.");
        var vpc = new Vpc(command.Name, offering, zone.Id, cidr, owner.AccountId, owner.DomainId, clock.GetUtcNow())
        {
            DisplayText = command.DisplayText ?? command.Name,
            NetworkDomain = DomainName.Require(command.NetworkDomain ?? zone.NetworkDomain ?? "cloud.internal", nameof(command.NetworkDomain)),
            NameServers = NameServers.Read(command.Dns1, command.Dns2) ?? [],
        };
        vpc.Scope!.PublicMtu = Mtus.Public(settings, caller, command.PublicMtu) ?? Mtus.UsualPublic(settings);
        if (offering.RouterMade is { } made) vpc.Scope.MakeRoutersOf(made);
        if (command.SourceNatIpAddress is { } wished) await addresses.TakeChosenAsync(GoesOut.Of(vpc), zone.Id, wished, limits, commit, ct);
        db.Add(vpc);
        commit.Add((into, token) => limits.TakeAsync(into, owner.AccountId, vpc.Id.Value, ResourceKind.Vpc, 1, token));
        var job = command.Start == false ? queue.RecordDone(caller.Asks, nameof(Vpc), vpc.Id.Value) : queue.Enqueue(EnableVpc.For(vpc), caller.Asks);
        return new(job.Id, vpc.Id.Value);
    }
}
