using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms.Commands;

/// <summary>All system VMs of the cloud, of whatever kind.</summary>
[Command("Lists system VMs", AllowedTo.RootAdmin | AllowedTo.ResourceAdmin)]
internal sealed record ListSystemVms : ListQuery<SystemVmWire>
{
    [Description("Lists only this one")]
    public Guid? Id { get; init; }

    [Description("Lists only the one of this name")]
    public string? Name { get; init; }

    [Description("Lists only those of this type: secondarystoragevm or domainrouter")]
    public string? SystemVmType { get; init; }

    [Description("Lists only those in this state")]
    public VmState? State { get; init; }

    [Description("Lists only those of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only those on hosts of this pod")]
    public Id<Pod>? PodId { get; init; }

    [Description("Lists only those on this host")]
    public Id<Host>? HostId { get; init; }
}

internal sealed class ListSystemVmsHandler(CloudDb db, Lists<SystemVmWire> lists) : IHandle<ListSystemVms, Page<SystemVmWire>>
{
    public Task<Page<SystemVmWire>> HandleAsync(ListSystemVms command, Caller caller, CancellationToken ct)
    {
        var routers = db.Set<Router>().Select(r => new Row
        {
            Id = (Guid)(object)r.Id, Type = SystemVmWire.RouterType, Name = r.Name, State = r.State, ZoneId = r.ZoneId, HostId = r.HostId,
        });
        var workers = db.Set<SystemVm>().Select(v => new Row
        {
            Id = (Guid)(object)v.Id, Type = SystemVmWire.WorkerType, Name = v.Name, State = v.State, ZoneId = v.ZoneId, HostId = v.HostId,
        });
        var found = routers.Concat(workers);
        if (command.Id is { } id) found = found.Where(r => r.Id == id);
        if (command.Name is { } name) found = found.Where(r => r.Name == name);
        if (command.SystemVmType?.ToLowerInvariant() is { } type) found = found.Where(r => r.Type == type);
        if (command.State is { } state) found = found.Where(r => r.State == state);
        if (command.ZoneId is { } zone) found = found.Where(r => r.ZoneId == zone);
        if (command.PodId is { } pod) found = found.Where(r => db.Set<Host>().Any(h => h.Id == r.HostId && h.PodId == pod));
        if (command.HostId is { } host) found = found.Where(r => r.HostId == host);
        if (command.Keyword is { } keyword) found = found.Where(r => EF.Functions.ILike(r.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(found.OrderBy(r => r.Id).Select(r => r.Id), command, caller, ct);
    }

    // What all kinds have in common.
    private sealed record Row
    {
        public required Guid Id { get; init; }
        public required string Type { get; init; }
        public required string Name { get; init; }
        public required VmState State { get; init; }
        public required Id<Zone> ZoneId { get; init; }
        public required Id<Host>? HostId { get; init; }
    }
}
