using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Changes what a virtual machine is called and given.</summary>
[Command("Updates a virtual machine", AllowedTo.Everyone)]
internal sealed record UpdateVirtualMachine : ICommand<Shown<VirtualMachineWire>>
{
    [Description("The virtual machine")]
    public required Id<VirtualMachine> Id { get; init; }

    [Description("A new host name, for a stopped virtual machine")]
    public string? Name { get; init; }

    [Description("A new name for people")]
    public string? DisplayName { get; init; }

    [Description("Its operating system")]
    public Id<OsType>? OsTypeId { get; init; }

    [Description("New user data, base64; the guest sees it the next time it asks")]
    [MaxLength(1_048_576)]
    public string? UserData { get; init; }

    [Description("What it is told with its addresses from now on, for each network that is named: dhcpoptionsnetworklist[0].networkid, dhcpoptionsnetworklist[0].dhcp:66 and so on; no option takes those away that it had. It learns them when it asks for its address")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? DhcpOptionsNetworkList { get; init; }
}

internal sealed class UpdateVirtualMachineHandler(CloudDb db, CommandCommit commit) : IHandle<UpdateVirtualMachine, Shown<VirtualMachineWire>>
{
    public async Task<Shown<VirtualMachineWire>> HandleAsync(UpdateVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var vm = await db.FindVisibleAsync(caller, command.Id, ct);
        if (command.OsTypeId is { } os) vm.OsTypeId = (await db.FindAsync(caller, os, ct, nameof(command.OsTypeId))).Id;
        vm.DisplayName = command.DisplayName ?? vm.DisplayName;
        if (command.Name is { } name)
        {
            vm.RequireState("rename", VmState.Stopped);
            vm.Rename(DomainName.RequireHost(name, nameof(command.Name)));
        }
        if (command.UserData is { } text)
        {
            var bytes = new byte[text.Length];
            if (!Convert.TryFromBase64String(text, bytes, out var length)) throw Refusal.Parameter("User data is not base64; encode it.");
            vm.UserData = bytes[..length];
        }
        if (command.DhcpOptionsNetworkList is { } map) await TellAsync(vm, map, ct);
        if (command.Name is not null || command.UserData is not null)
        {
            foreach (var network in await db.Set<Nic>().Where(n => n.GuestId == vm.Id.Value).Select(n => n.NetworkId).Distinct().ToListAsync(ct))
                commit.Add((into, token) => RoutersInStep.RaiseAsync(into, network, token));
        }
        return new(vm.Id.Value);
    }

    private async Task TellAsync(VirtualMachine vm, IReadOnlyList<IReadOnlyDictionary<string, string>> map, CancellationToken ct)
    {
        var nics = await db.Set<Nic>().Where(n => n.GuestId == vm.Id.Value).ToListAsync(ct);
        var networks = await db.Set<Network>().Where(n => nics.Select(nic => nic.NetworkId).Contains(n.Id)).ToListAsync(ct);
        foreach (var (network, options) in GuestOptions.Read(map, networks))
        {
            nics.Single(n => n.NetworkId == network).DhcpOptions = options;
            commit.Add((into, token) => RoutersInStep.RaiseAsync(into, network, token));
        }
    }
}
