using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Compute.Commands;

/// <summary>Creates a virtual machine from a template and starts it.</summary>
[Command("Creates a virtual machine and starts it", AllowedTo.Everyone)]
internal sealed record DeployVirtualMachine : IAsyncCommand<VirtualMachineWire>
{
    [Description("Its size")]
    public required Id<ServiceOffering> ServiceOfferingId { get; init; }

    [Description("The template that it starts from, or the ISO that it is installed from: needs diskofferingid and hypervisor")]
    public Id<Template>? TemplateId { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("Its host name; made up unless said")]
    public string? Name { get; init; }

    [Description("Its name for people; the host name unless said")]
    public string? DisplayName { get; init; }

    [Description("Its networks in the order of its cards; the owner's only network unless said, or a new one where it has none and an offering is Required")]
    public IReadOnlyList<Id<Network>>? NetworkIds { get; init; }

    [Description("Its security groups; the account's default one unless said, where its networks have groups")]
    public IReadOnlyList<Id<SecurityGroup>>? SecurityGroupIds { get; init; }

    [Description("Its security groups by name")]
    public IReadOnlyList<string>? SecurityGroupNames { get; init; }

    [Description("The address of its first card; a free one unless said")]
    public string? IpAddress { get; init; }

    [Description("What it is told with its addresses, for each network that is named: dhcpoptionsnetworklist[0].networkid, dhcpoptionsnetworklist[0].dhcp:66 and so on")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? DhcpOptionsNetworkList { get; init; }

    [Description("Size of its root disk, GiB; the offering's or template's unless said")]
    public long? RootDiskSize { get; init; }

    [Description("With an ISO: the kind of its root disk")]
    public Id<DiskOffering>? DiskOfferingId { get; init; }

    [Description("With an ISO and a disk offering that leaves it open: size of its root disk, GiB")]
    public long? Size { get; init; }

    [Description("User data for its first boot, base64")]
    [MaxLength(1_048_576)]
    public string? UserData { get; init; }

    [Description("Registered user data instead")]
    public Id<UserDataText>? UserDataId { get; init; }

    [Description("A key pair that it lets in, by name")]
    public string? KeyPair { get; init; }

    [Description("Key pairs that it lets in, by name")]
    public IReadOnlyList<string>? KeyPairs { get; init; }

    [Description("False leaves it stopped")]
    public bool? StartVm { get; init; }

    [Description("The host for its first start (administrators)")]
    public Id<Host>? HostId { get; init; }

    [Description("Owner: an account of this name in domainid, else the caller")]
    public string? Account { get; init; }

    [Description("The owner's domain")]
    public Id<Domain>? DomainId { get; init; }

    [Description("What runs it: KVM or Simulator; a template knows")]
    public string? Hypervisor { get; init; }
}

internal sealed class DeployVirtualMachineHandler(
    CloudDb db, WorkflowQueue queue, GuestPasswords passwords, FirstNetworks firstNetworks, Limits limits, CommandCommit commit, TimeProvider clock)
    : IHandle<DeployVirtualMachine, JobTicket>
{
    public async Task<JobTicket> HandleAsync(DeployVirtualMachine command, Caller caller, CancellationToken ct)
    {
        var zone = await db.FindAsync(caller, command.ZoneId, ct);
        if (zone.AllocationState == AllocationState.Disabled && !caller.IsRootAdmin)
            throw Refusal.Parameter($"Cannot perform this operation, Zone is currently disabled: {zone.Name}");
        if (command.TemplateId is not { } templateId) throw Refusal.Missing(caller.Command, "templateid");
        var template = await db.FindUsableAsync(caller, templateId, ct);
        if (template.ZoneId != zone.Id) throw Refusal.Parameter($"The template {template.Name} is not in the zone {zone.Name}; register it there.");
        var offering = await db.FindAsync(caller, command.ServiceOfferingId, ct);
        if (offering.IsSystem) throw Refusal.Parameter($"The service offering {offering.Name} is for system VMs.");
        if (command.HostId is { } host) await RequireHostAsync(host, caller, ct);
        var owner = await db.OwnerAsync(caller, command.Account, command.DomainId, ct);
        var networks = await NetworksAsync(command, owner, zone, caller, ct);

        var disk = await RootDisk.ChooseAsync(db, command, offering, template, caller, ct);

        var vm = new VirtualMachine(command.Name ?? "vm", offering, template, owner.AccountId, owner.DomainId, clock.GetUtcNow())
        {
            Hypervisor = template.Hypervisor ?? RootDisk.RequireHypervisor(command.Hypervisor),
        };
        if (command.Name is null) vm.Rename("vm-" + vm.Id.ToString()[24..]);
        else DomainName.RequireHost(command.Name, nameof(command.Name));
        await GuestCards.RequireFreeNameAsync(db, vm, networks, ct);
        vm.DisplayName = command.DisplayName ?? vm.Name;
        (vm.UserData, vm.UserDataId) = await UserDataAsync(command, caller, ct);
        var keys = await KeysAsync(command, owner, ct);
        vm.KeyPairNames = [.. keys.Select(k => k.Name)];
        vm.SshPublicKeys = string.Join('\n', keys.Select(k => k.PublicKey));

        var root = new Volume("ROOT-" + vm.Name, VolumeType.ROOT, owner.AccountId, owner.DomainId, zone.Id, disk.SizeBytes, clock.GetUtcNow())
        {
            TemplateId = disk.CloneOf,
            DiskOfferingId = command.DiskOfferingId,
        };
        if (template.IsIso)
        {
            vm.Insert(template.Id);
            commit.Add((into, token) => Template.RequireThereAsync(into, template.Id, token));
        }
        root.Attach(vm.Id.Value, device: 0, clock.GetUtcNow());
        var nics = networks.Select((network, i) => new Nic(network, vm.Id.Value, i, isDefault: i == 0, clock.GetUtcNow())).ToList();
        foreach (var (network, options) in GuestOptions.Read(command.DhcpOptionsNetworkList, networks)) nics.Single(n => n.NetworkId == network).DhcpOptions = options;
        if (command.IpAddress is { } ip)
        {
            var address = await GuestCards.RequireFreeAsync(db, networks[0], ip, ct);
            nics[0].Take(address);
            commit.Add(async (into, token) =>
            {
                if (!await Addresses.IsAloneAsync(into, networks[0].Id, address, token)) throw Addresses.IsTaken(networks[0], address);
            });
        }
        var groups = await db.ChooseAsync(owner, networks, command.SecurityGroupIds, command.SecurityGroupNames, clock.GetUtcNow(), ct);
        db.Add(vm);
        db.AddRange(groups.Select(g => new GroupMember { GroupId = g.Id, VmId = vm.Id }));
        db.Add(root);
        db.AddRange(nics);
        Share[] shares =
        [
            .. Machines.SharesOf(vm),
            new(root.Id.Value, ResourceKind.Volume, 1),
            new(root.Id.Value, ResourceKind.PrimaryStorage, root.SizeBytes),
        ];
        foreach (var network in networks.OrderBy(n => n.Id.Value)) commit.Add((into, token) => NetworkPermissions.HoldAsync(into, network, owner.AccountId, token));
        commit.Add((into, token) => limits.TakeAsync(into, owner.AccountId, shares, token));
        var job = command.StartVm == false
            ? queue.RecordDone(caller.Asks, nameof(VirtualMachine), vm.Id.Value)
            : queue.Enqueue(Compute.Workflows.StartVm.For(vm, [vm.Subject, root.Subject], command.HostId), caller.Asks);
        passwords.Offer(vm, template, job);
        return new(job.Id, vm.Id.Value);
    }

    private async Task RequireHostAsync(Id<Host> hostId, Caller caller, CancellationToken ct)
    {
        if (!caller.IsRootAdmin) throw Refusal.Permission("Only administrators choose the host; leave hostid out.");
        await db.FindAsync(caller, hostId, ct);
    }

    private async Task<List<Network>> NetworksAsync(DeployVirtualMachine command, Owner owner, Zone zone, Caller caller, CancellationToken ct)
    {
        if (command.NetworkIds is not { Count: > 0 } ids)
        {
            var own = await db.Set<Network>().Where(n => n.AccountId == owner.AccountId && n.ZoneId == zone.Id && n.VpcId == null).OrderBy(n => n.Id).Take(2).ToListAsync(ct);
            if (own.Count == 0 && await firstNetworks.MakeAsync(owner, zone, ct) is { } first) return [first];
            return own.Count == 1 ? own : throw Refusal.Parameter(own.Count == 0
                ? "The owner has no network in this zone; create one (createNetwork) and give networkids."
                : "The owner has several networks in this zone; give networkids.");
        }
        if (ids.Count > GuestCards.Most) throw Refusal.Parameter($"A virtual machine has at most {GuestCards.Most} cards; give fewer networkids.");
        var networks = new List<Network>();
        foreach (var id in ids.Distinct()) networks.Add(await db.FindUsableAsync(caller, id, ct, nameof(command.NetworkIds)));
        if (networks.FirstOrDefault(n => n.ZoneId != zone.Id) is { } elsewhere)
            throw Refusal.Parameter($"The network {elsewhere.Name} is not in the zone {zone.Name}.");
        foreach (var network in networks) await db.RequireUsableAsync(network, owner.AccountId, ct);
        return networks;
    }

    private async Task<(byte[]? Content, Id<UserDataText>? Id)> UserDataAsync(DeployVirtualMachine command, Caller caller, CancellationToken ct)
    {
        if (command.UserData is { Length: > 0 } text)
        {
            if (command.UserDataId is not null) throw Refusal.Parameter("Give userdata or userdataid, not both.");
            var bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text, bytes, out var length)
                ? (bytes[..length], null)
                : throw Refusal.Parameter("User data is not base64; encode it.");
        }
        if (command.UserDataId is not { } id) return (null, null);
        var registered = await db.FindVisibleAsync(caller, id, ct, nameof(command.UserDataId));
        return (registered.Content, registered.Id);
    }

    private async Task<List<SshKeyPair>> KeysAsync(DeployVirtualMachine command, Owner owner, CancellationToken ct)
    {
        string[] names = [.. command.KeyPairs ?? [], .. command.KeyPair is { } one ? [one] : Array.Empty<string>()];
        var keys = await db.Set<SshKeyPair>().Where(k => k.AccountId == owner.AccountId && names.Contains(k.Name)).ToListAsync(ct);
        var missing = names.Except(keys.Select(k => k.Name)).FirstOrDefault();
        return missing is null ? keys : throw Refusal.Parameter($"A key pair with name '{missing}' does not exist.");
    }
}
