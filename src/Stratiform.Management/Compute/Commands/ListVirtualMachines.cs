using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>The virtual machines that exist for the caller.</summary>
[Command("Lists virtual machines", AllowedTo.Everyone)]
internal sealed record ListVirtualMachines : OwnedListQuery<VirtualMachine, VirtualMachineWire>
{
    [Description("Lists only virtual machines of this name")]
    public string? Name { get; init; }

    [Description("Lists only virtual machines in this state; Present leaves out destroyed ones")]
    public string? State { get; init; }

    [Description("Lists only virtual machines of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("Lists only virtual machines with a card in this network")]
    public Id<Network>? NetworkId { get; init; }

    [Description("Lists only virtual machines that started from this template")]
    public Id<Template>? TemplateId { get; init; }

    [Description("Lists only virtual machines with this ISO in their drive")]
    public Id<Template>? IsoId { get; init; }

    [Description("Lists only virtual machines in this security group")]
    public Id<SecurityGroup>? SecurityGroupId { get; init; }

    [Description("Lists only virtual machines of this size")]
    public Id<ServiceOffering>? ServiceOfferingId { get; init; }

    [Description("Lists only virtual machines that let this key pair in")]
    public string? KeyPair { get; init; }

    [Description("Lists only virtual machines on this host (administrators)")]
    public Id<Host>? HostId { get; init; }

    [Description("What to tell of each; everything is told")]
    public IReadOnlyList<string>? Details { get; init; }
}

internal sealed class ListVirtualMachinesHandler(CloudDb db, Lists<VirtualMachineWire> lists)
    : IHandle<ListVirtualMachines, Page<VirtualMachineWire>>
{
    public async Task<Page<VirtualMachineWire>> HandleAsync(ListVirtualMachines command, Caller caller, CancellationToken ct)
    {
        var vms = await db.ListedAsync(command, caller, ct);
        if (command.Name is { } name) vms = vms.Where(v => v.Name == name);
        if (command.State is { } state) vms = InState(vms, state);
        if (command.ZoneId is { } zone) vms = vms.Where(v => v.ZoneId == zone);
        if (command.NetworkId is { } network)
            vms = vms.Where(v => db.Set<Nic>().Any(n => n.GuestId == (Guid)(object)v.Id && n.NetworkId == network));
        if (command.TemplateId is { } template) vms = vms.Where(v => v.TemplateId == template);
        if (command.IsoId is { } iso) vms = vms.Where(v => v.IsoId == iso);
        if (command.ServiceOfferingId is { } offering) vms = vms.Where(v => v.OfferingId == offering);
        if (command.SecurityGroupId is { } group) vms = vms.Where(v => db.Set<GroupMember>().Any(m => m.VmId == v.Id && m.GroupId == group));
        if (command.KeyPair is { } pair) vms = vms.Where(v => v.KeyPairNames.Contains(pair));
        if (command.HostId is { } host) vms = caller.IsRootAdmin ? vms.Where(v => v.HostId == host) : vms.Where(_ => false);
        if (command.Keyword is { } keyword)
        {
            var pattern = Keyword.Pattern(keyword);
            vms = vms.Where(v => EF.Functions.ILike(v.Name, pattern, Keyword.Escape) || EF.Functions.ILike(v.DisplayName, pattern, Keyword.Escape));
        }
        return await lists.PageAsync(vms.OrderBy(v => v.CreatedAt).ThenBy(v => v.Id).Select(v => v.Id), command, caller, ct);
    }

    private static IQueryable<VirtualMachine> InState(IQueryable<VirtualMachine> vms, string state)
    {
        if (state.Equals("Present", StringComparison.OrdinalIgnoreCase))
            return vms.Where(v => v.State != VmState.Destroyed && v.State != VmState.Expunging);
        var isState = Enum.TryParse<VmState>(state, ignoreCase: true, out var wanted) && Enum.IsDefined(wanted);
        return isState ? vms.Where(v => v.State == wanted) : vms.Where(_ => false);
    }
}
