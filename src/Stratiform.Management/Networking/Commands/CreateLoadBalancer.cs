using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Networking.Commands;

/// <summary>Spreads what comes to a port of an address within a VPC among guests of a tier, which are assigned to it later.</summary>
[Command("Creates an internal load balancer, on a port of an address within a VPC", AllowedTo.Everyone)]
internal sealed record CreateLoadBalancer : IAsyncCommand<InternalBalancerWire>
{
    [Description("The load balancer's name")]
    [MaxLength(255)]
    public required string Name { get; init; }

    [Description("What it is for, for people")]
    [MaxLength(4096)]
    public string? Description { get; init; }

    [Description("The tier of its members")]
    public required Id<Network> NetworkId { get; init; }

    [Description("The tier that its address is of, of the same VPC")]
    public required Id<Network> SourceIpAddressNetworkId { get; init; }

    [Description("Its address there, which others on other ports may share; a free one unless said")]
    public string? SourceIpAddress { get; init; }

    [Description("The port that it listens on")]
    public required int SourcePort { get; init; }

    [Description("The port of its members")]
    public required int InstancePort { get; init; }

    [Description("roundrobin, leastconn or source")]
    public required string Algorithm { get; init; }

    [Description("Internal is the one there is")]
    public required string Scheme { get; init; }

    [Description("False keeps it out of its owner's lists")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public bool? ForDisplay { get; init; }
}

internal sealed class CreateLoadBalancerHandler(CloudDb db, CommandCommit commit, WorkflowQueue queue, Addresses addresses, TimeProvider clock)
    : IHandle<CreateLoadBalancer, JobTicket>
{
    public async Task<JobTicket> HandleAsync(CreateLoadBalancer command, Caller caller, CancellationToken ct)
    {
        InternalBalancers.RequireInternal(command.Scheme);
        var members = await db.FindVisibleAsync(caller, command.NetworkId, ct);
        var tier = await db.FindVisibleAsync(caller, command.SourceIpAddressNetworkId, ct);
        InternalBalancers.RequireOneVpc(members, tier);
        await db.RequireLbAsync(members, isInternal: true, ct);
        await NetworkServices.RequireProviderAsync(db, members.PhysicalNetworkId, ct, NetworkServiceProvider.InternalLb);
        var (port, memberPort) = (InternalBalancers.Port(command.SourcePort, "sourceport"), WireRules.Port(command.InstancePort, "instanceport"));
        var algorithm = WireBalancers.Algorithm(command.Algorithm);
        var isChosen = command.SourceIpAddress is null;
        var ip = command.SourceIpAddress is { } asked
            ? await InternalBalancers.RequireAddressAsync(db, tier, asked, ct)
            : await addresses.FreeGuestAddressAsync(tier, ct);
        var rule = NetworkRule.InternalBalancing(members, tier, ip, port, memberPort, clock.GetUtcNow());
        db.Add(rule);
        db.Add(new LoadBalancer(rule, command.Name, BalancerProtocol.Tcp, algorithm)
        {
            Description = command.Description ?? "",
            IsHidden = command.ForDisplay == false,
        });
        commit.Add((into, token) => InternalBalancers.RequireRoomAsync(into, rule, tier, isChosen, token));
        return new(queue.Enqueue(OpenInternalBalancer.For(rule, tier), caller.Asks).Id, rule.Id.Value);
    }
}
