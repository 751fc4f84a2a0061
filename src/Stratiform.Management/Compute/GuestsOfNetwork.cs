using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Tells routers whom they serve: address, names, metadata, user data and password of each virtual machine.</summary>
public sealed class GuestsOfNetwork(CloudDb db, Secrets secrets) : IGuestsOfNetwork
{
    public async Task<IReadOnlyList<GuestWishes>> OfAsync(Network network, Zone zone, CancellationToken ct)
    {
        var guests = await (
            from nic in db.Set<Nic>().AsNoTracking()
            where nic.NetworkId == network.Id && nic.Ip != null
            join vm in db.Set<VirtualMachine>().AsNoTracking() on nic.GuestId equals (Guid)(object)vm.Id
            join offering in db.Set<ServiceOffering>().IgnoreQueryFilters() on vm.OfferingId equals offering.Id
            join account in db.Set<Accounts.Account>().IgnoreQueryFilters() on vm.AccountId equals account.Id
            orderby nic.Id
            select new { Nic = nic, Vm = vm, Offering = offering.Name }).ToListAsync(ct);
        var sourceNat = await db.Set<PublicIpAddress>().Where(a => a.ScopeId == network.ScopeId && a.IsSourceNat)
            .Select(a => (Ipv4Address?)a.Address).SingleOrDefaultAsync(ct);
        var publicIp = sourceNat?.ToString() ?? (network.IsShared ? null : network.Subnet.Gateway.ToString());
        return [.. guests.Select(g => new GuestWishes
        {
            Mac = g.Nic.Mac,
            Ip = g.Nic.Ip!.Value,
            HostName = g.Vm.Name,
            IsDefault = g.Nic.IsDefault,
            Options = g.Nic.DhcpOptions,
            Metadata =
            [
                new("service-offering", g.Offering),
                new("availability-zone", zone.Name),
                new("local-hostname", g.Vm.Name),
                new("local-ipv4", g.Nic.Ip!.Value.ToString()),
                new("public-ipv4", publicIp ?? g.Nic.Ip!.Value.ToString()),
                new("public-hostname", ""),
                new("instance-id", g.Vm.Id.ToString()),
                new("vm-id", g.Vm.Id.ToString()),
                new("public-keys", g.Vm.SshPublicKeys),
                new("cloud-identifier", string.Create(CultureInfo.InvariantCulture, $"CloudStack-{{{zone.Id}}}")),
                new("hypervisor-host-name", ""),
            ],
            UserData = g.Vm.UserData,
            Password = g.Vm.WrappedPassword is { } wrapped
                ? new(PasswordSerialOf(g.Vm), Encoding.UTF8.GetString(secrets.Unwrap(wrapped)))
                : null,
        })];
    }

    public Task<bool> AnyAsync(Id<Network> network, bool activeOnly, CancellationToken ct) => (
        from nic in db.Set<Nic>()
        where nic.NetworkId == network
        join vm in db.Set<VirtualMachine>() on nic.GuestId equals (Guid)(object)vm.Id
        where !activeOnly || vm.State == VmState.Running || vm.State == VmState.Starting || vm.State == VmState.Stopping
            || vm.State == VmState.Migrating
        select nic).AnyAsync(ct);

    public async Task<IReadOnlyList<Id<Accounts.Account>>> OwnersAsync(Id<Network> network, CancellationToken ct) => await (
        from nic in db.Set<Nic>()
        where nic.NetworkId == network
        join vm in db.Set<VirtualMachine>() on nic.GuestId equals (Guid)(object)vm.Id
        select vm.AccountId).Distinct().ToListAsync(ct);

    public async Task PasswordsTakenAsync(Id<Network> network, IReadOnlyList<long> serials, CancellationToken ct)
    {
        if (serials.Count == 0) return;
        var waiting = await (
            from nic in db.Set<Nic>()
            where nic.NetworkId == network
            join vm in db.Set<VirtualMachine>() on nic.GuestId equals (Guid)(object)vm.Id
            where vm.WrappedPassword != null
            select vm).ToListAsync(ct);
        foreach (var vm in waiting.Where(v => serials.Contains(PasswordSerialOf(v)))) vm.PasswordTaken(vm.PasswordSerial);
    }

    public async Task<IReadOnlyList<GuestName>> NamesAsync(IReadOnlyCollection<Guid> guests, CancellationToken ct) =>
        await db.Set<VirtualMachine>().IgnoreQueryFilters().Where(vm => guests.Contains((Guid)(object)vm.Id))
            .Select(vm => new GuestName(vm.Id.Value, vm.Name, vm.DisplayName, vm.State)).ToListAsync(ct);

    // Serials of a router must differ between guests: the id's random tail above, the count of passwords below.
    private static long PasswordSerialOf(VirtualMachine vm) =>
        (BitConverter.ToInt64(vm.Id.Value.ToByteArray(bigEndian: true), 8) & 0x3FFF_FFFF_FFFF_0000) | (vm.PasswordSerial & 0xFFFF);
}
