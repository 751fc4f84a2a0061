using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Management.Networking;
using Stratiform.Protocol;

namespace Stratiform.Management.Compute;

/// <summary>Reads virtual machines for a page: the rows, their cards, their tags.</summary>
internal sealed class VirtualMachineWireReader(CloudDb db) : IReadWire<VirtualMachineWire>
{
    public async Task<IReadOnlyList<VirtualMachineWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<VirtualMachine>(id)).ToList();
        // A machine that was just expunged still has to be shown once, as its job's result.
        var rows = await (
            from vm in db.Set<VirtualMachine>().IgnoreQueryFilters().AsNoTracking()
            where keys.Contains(vm.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on vm.ZoneId equals zone.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on vm.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on vm.DomainId equals domain.Id
            join template in db.Set<Template>().IgnoreQueryFilters() on vm.TemplateId equals template.Id
            join iso in db.Set<Template>().IgnoreQueryFilters() on vm.IsoId equals iso.Id into isos
            from iso in isos.DefaultIfEmpty()
            join offering in db.Set<ServiceOffering>().IgnoreQueryFilters() on vm.OfferingId equals offering.Id
            join host in db.Set<Host>().IgnoreQueryFilters() on vm.HostId equals host.Id into hosts
            from host in hosts.DefaultIfEmpty()
            select new Row(vm, zone.Name, account.Name, domain.Name, template.Name, template.DisplayText, template.PasswordEnabled, template.Format,
                iso.Name, iso.DisplayText,
                offering.Name, offering.OfferHa, host.Name)).ToListAsync(ct);
        var nics = (await NicWireReader.OfAsync(db, db.Set<Nic>().Where(nic => ids.Contains(nic.GuestId)), ct)).ToLookup(nic => nic.VirtualMachineId);
        var groups = await GroupsAsync(keys, ct);
        var traffic = await TrafficAsync(ids, ct);
        var tags = await db.TagsOfAsync(ids, ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Vm.Id.Value).Select(r => Shape(r, nics, tags, jobs) with
        {
            SecurityGroup = [.. groups[r.Vm.Id]],
            NetworkKbsRead = traffic.GetValueOrDefault(r.Vm.Id.Value)?.ReceivedBytes / 1024,
            NetworkKbsWrite = traffic.GetValueOrDefault(r.Vm.Id.Value)?.SentBytes / 1024,
        })];
    }

    private Task<Dictionary<Guid, Traffic>> TrafficAsync(IReadOnlyList<Guid> ids, CancellationToken ct) => (
        from nic in db.Set<Nic>()
        where ids.Contains(nic.GuestId)
        join sum in db.Set<CardTraffic>() on nic.Id equals sum.NicId
        group sum by nic.GuestId into vm
        select new Traffic(vm.Key, vm.Sum(s => s.ReceivedBytes), vm.Sum(s => s.SentBytes))).ToDictionaryAsync(vm => vm.VmId, ct);

    private async Task<ILookup<Id<VirtualMachine>, GroupOfVmWire>> GroupsAsync(List<Id<VirtualMachine>> vms, CancellationToken ct) => (await (
        from member in db.Set<GroupMember>()
        where vms.Contains(member.VmId)
        join found in db.Set<SecurityGroup>() on member.GroupId equals found.Id
        orderby found.Id
        select new { member.VmId, Group = new GroupOfVmWire { Id = found.Id.Value, Name = found.Name, Description = found.Description } }).ToListAsync(ct))
        .ToLookup(g => g.VmId, g => g.Group);

    private static VirtualMachineWire Shape(Row r, ILookup<Guid, NicWire> nics, ILookup<Guid, TagWire> tags, JobsUnderWay jobs) => new()
    {
        Id = r.Vm.Id.Value,
        Name = r.Vm.Name,
        DisplayName = r.Vm.DisplayName,
        InstanceName = r.Vm.InstanceName,
        State = r.Vm.State,
        Account = r.Account,
        DomainId = r.Vm.DomainId.Value,
        Domain = r.Domain,
        Created = r.Vm.CreatedAt,
        LastUpdated = r.Vm.StateSince,
        ZoneId = r.Vm.ZoneId.Value,
        ZoneName = r.Zone,
        HostId = r.Vm.HostId?.Value,
        HostName = r.Host,
        TemplateId = r.Vm.TemplateId.Value,
        TemplateName = r.Template,
        TemplateDisplayText = r.TemplateText,
        TemplateFormat = r.Format == ImageFormat.Iso ? "ISO" : "QCOW2",
        IsoId = r.Vm.IsoId?.Value,
        IsoName = r.Iso,
        IsoDisplayText = r.IsoText,
        PasswordEnabled = r.PasswordEnabled,
        ServiceOfferingId = r.Vm.OfferingId.Value,
        ServiceOfferingName = r.Offering,
        CpuNumber = r.Vm.Cpus,
        CpuSpeed = r.Vm.CpuMhz,
        Memory = r.Vm.MemoryMib,
        OsTypeId = r.Vm.OsTypeId?.Value,
        Hypervisor = r.Vm.Hypervisor,
        IpAddress = nics[r.Vm.Id.Value].FirstOrDefault(n => n.IsDefault)?.IpAddress,
        KeyPairs = r.Vm.KeyPairNames.Length > 0 ? string.Join(',', r.Vm.KeyPairNames) : null,
        UserDataId = r.Vm.UserDataId?.Value,
        HaEnable = r.OfferHa,
        Nic = [.. nics[r.Vm.Id.Value]],
        JobId = jobs.On(r.Vm.Id.Value),
        JobStatus = jobs.StatusOn(r.Vm.Id.Value),
        Tags = tags.Of(r.Vm.Id.Value),
    };

    private sealed record Traffic(Guid VmId, long ReceivedBytes, long SentBytes);

    private sealed record Row(
        VirtualMachine Vm, string Zone, string Account, string Domain, string Template, string TemplateText, bool PasswordEnabled, ImageFormat Format,
        string? Iso, string? IsoText,
        string Offering, bool OfferHa, string? Host);
}
