using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking.Commands;

/// <summary>The routers of the cloud.</summary>
[Command("Lists routers", AllowedTo.RootAdmin | AllowedTo.DomainAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ListRouters : OwnedListQuery<Router, RouterWire>
{
    [Description("Lists only the router of this name")]
    public string? Name { get; init; }

    [Description("Lists only routers in this state")]
    public VmState? State { get; init; }

    [Description("Lists only routers of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only routers on this host")]
    public Id<Host>? HostId { get; init; }

    [Description("Lists only routers on hosts of this pod")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists only routers on hosts of this cluster")]
    public Id<Cluster>? ClusterId { get; init; }

    [Description("Lists only routers of this architecture: x86_64 or i386")]
    public string? Arch { get; init; }

    [Description("True lists only routers of VPCs, false only others")]
    public bool? ForVpc { get; init; }

    [Description("True lists only routers in which something is not well, false only others")]
    public bool? HealthChecksFailed { get; init; }

    [Description("Lists only the router of this network")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Lists only the router of this VPC")]
    public Id<Vpc>? VpcId { get; init; }
}

internal sealed class ListRoutersHandler(CloudDb db, Lists<RouterWire> lists) : IHandle<ListRouters, Page<RouterWire>>
{
    public async Task<Page<RouterWire>> HandleAsync(ListRouters command, Caller caller, CancellationToken ct)
    {
        var routers = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) routers = routers.Where(r => r.Name == name);
        if (command.State is { } state) routers = routers.Where(r => r.State == state);
        if (command.ZoneId is { } zone) routers = routers.Where(r => r.ZoneId == zone);
        if (command.HostId is { } host) routers = routers.Where(r => r.HostId == host);
        if (command.NetworkId is { } network) routers = routers.Where(r => db.Set<RouterCard>().Any(c => c.RouterId == r.Id && c.NetworkId == network && c.GatewayId == null));
        if (command.VpcId is { } vpc) routers = routers.Where(r => db.Set<Vpc>().Any(v => v.Id == vpc && v.ScopeId == r.ScopeId));
        if (command.PodId is { } pod) routers = routers.Where(r => db.Set<Host>().Any(h => h.Id == r.HostId && h.PodId == pod));
        if (command.ClusterId is { } cluster) routers = routers.Where(r => db.Set<Host>().Any(h => h.Id == r.HostId && h.ClusterId == cluster));
        if (command.Arch is { } arch) routers = Of(routers, RouterSize.Of(arch.Trim().ToLowerInvariant())?.Arch ?? throw Refusal.Parameter($"Routers have no architecture {arch}; there are {SystemVmImage.Bits64} and {SystemVmImage.Bits32}."));
        if (command.ForVpc is { } forVpc) routers = routers.Where(r => db.Set<Vpc>().Any(v => v.ScopeId == r.ScopeId) == forVpc);
        if (command.HealthChecksFailed is { } failed) routers = routers.Where(r => db.Set<RouterSight>().Any(s => s.RouterId == r.Id && !s.IsWell) == failed);
        if (command.Keyword is { } keyword) routers = routers.Where(r => EF.Functions.ILike(r.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return await lists.PageAsync(routers.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }

    // As they show it: of one that is off, the one that was chosen.
    private static IQueryable<Router> Of(IQueryable<Router> routers, string arch)
    {
        var (made, chosen) = ($$"""{"{{nameof(RouterMake.Arch)}}":"{{arch}}"}""", $$"""{"{{nameof(RouterMake.ChosenArch)}}":"{{arch}}"}""");
        return routers.Where(r => EF.Functions.JsonContains(r.Made, r.State == VmState.Stopped ? chosen : made));
    }
}
