using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>To whom a load balancer spreads.</summary>
[Command("Lists the members of a load balancer", AllowedTo.Everyone, Shape = "loadbalancerruleinstance")]
internal sealed record ListLoadBalancerRuleInstances : ListQuery<VirtualMachineWire>
{
    [Description("The load balancer")]
    public required Id<NetworkRule> Id { get; init; }

    [Description("False lists virtual machines of its network that are no members")]
    public bool? Applied { get; init; }

    [Description("True lists each with the addresses that it is a member by")]
    public bool? LbVmIps { get; init; }
}

/// <summary>A member of a load balancer with its addresses.</summary>
public sealed record MemberAddressesWire
{
    [Description("The virtual machine")]
    public required VirtualMachineWire LoadBalancerRuleInstance { get; init; }

    [Description("The addresses that it is a member by: that of its card")]
    public required IReadOnlyList<string> LbVmIpAddresses { get; init; }
}

internal sealed class ListLoadBalancerRuleInstancesHandler(CloudDb db, Lists<VirtualMachineWire> lists)
    : IHandle<ListLoadBalancerRuleInstances, Page<VirtualMachineWire>>
{
    public async Task<Page<VirtualMachineWire>> HandleAsync(ListLoadBalancerRuleInstances command, Caller caller, CancellationToken ct)
    {
        var rule = await db.FindBalancerAsync(caller, command.Id, ct);
        var members = db.Set<LoadBalancerMember>().Where(m => m.RuleId == rule.Id).Select(m => m.NicId);
        var isMember = command.Applied != false;
        var guests = db.Set<Nic>().Where(n => n.NetworkId == rule.NetworkId && members.Contains(n.Id) == isMember).Select(n => n.GuestId);
        var vms = db.Visible<VirtualMachine>(caller).AsNoTracking().Where(v => guests.Contains((Guid)(object)v.Id));
        if (command.Keyword is { } keyword) vms = vms.Where(v => EF.Functions.ILike(v.Name, Keyword.Pattern(keyword), Keyword.Escape));
        var page = await lists.PageAsync(vms.OrderBy(v => v.CreatedAt).ThenBy(v => v.Id).Select(v => v.Id), command, caller, ct);
        if (!isMember) return page;
        var ids = page.Items.Select(v => v.Id).ToList();
        var cards = await db.Set<Nic>().Where(n => members.Contains(n.Id) && ids.Contains(n.GuestId)).ToDictionaryAsync(n => n.GuestId, ct);
        var isUp = (await db.Set<BalancerSight>().AsNoTracking().SingleOrDefaultAsync(s => s.RuleId == rule.Id, ct))?.IsUp;
        page = page with { Items = [.. page.Items.Select(v => v with { ServiceState = StateOf(isUp, cards.GetValueOrDefault(v.Id)) })] };
        return command.LbVmIps == true ? page.As("lbrulevmidip", v => new MemberAddressesWire
        {
            LoadBalancerRuleInstance = v,
            LbVmIpAddresses = cards.GetValueOrDefault(v.Id)?.Ip is { } ip ? [ip.ToString()!] : [],
        }) : page;
    }

    private static string? StateOf(IReadOnlyDictionary<Guid, bool>? isUp, Nic? card) =>
        card is not null && isUp?.TryGetValue(card.Id.Value, out var up) == true ? up ? "UP" : "DOWN" : null;
}
