using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Jobs;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>A template as clients see it.</summary>
[WireName("template")]
public record TemplateWire
{
    [Description("The template's id")]
    public required Guid Id { get; init; }

    [Description("The template's name")]
    public required string Name { get; init; }

    [Description("What it is, for people")]
    public required string DisplayText { get; init; }

    [Description("Whether virtual machines can start from it")]
    public required bool IsReady { get; init; }

    [Description("How its registration goes; the reason when it failed")]
    public required string Status { get; init; }

    [Description("Whether everybody may use it")]
    public required bool IsPublic { get; init; }

    [Description("Whether it is recommended")]
    public required bool IsFeatured { get; init; }

    [Description("Whether it may be downloaded")]
    public required bool IsExtractable { get; init; }

    [Description("Whether guests take a password when they boot")]
    public required bool PasswordEnabled { get; init; }

    [Description("Whether guests take SSH keys when they boot")]
    public required bool SshKeyEnabled { get; init; }

    [Description("Whether guests bear that their size changes while they run")]
    public required bool IsDynamicallyScalable { get; init; }

    [Description("What it was registered as: QCOW2, RAW, VMDK, VHD, VHDX, OVA or ISO")]
    public required string Format { get; init; }

    [Description("What runs it; any hypervisor runs an ISO")]
    public Hypervisor? Hypervisor { get; init; }

    [Description("Whether virtual machines can boot from it")]
    public required bool Bootable { get; init; }

    [Description("USER: a tenant registered it")]
    public string TemplateType { get; init; } = "USER";

    [Description("Virtual size, bytes; once known")]
    public long? Size { get; init; }

    [Description("Bytes it takes; once known")]
    public long? PhysicalSize { get; init; }

    [Description("Checksum that was given")]
    public string? Checksum { get; init; }

    [Description("Its operating system's id")]
    public Guid? OsTypeId { get; init; }

    [Description("Its operating system")]
    public required string OsTypeName { get; init; }

    [Description("Its zone's id")]
    public required Guid ZoneId { get; init; }

    [Description("Its zone's name")]
    public required string ZoneName { get; init; }

    [Description("The owner's name")]
    public required string Account { get; init; }

    [Description("The owner's id")]
    public required Guid AccountId { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("The owner's domain's name")]
    public required string Domain { get; init; }

    [Description("Whether it is in every zone")]
    public bool CrossZones { get; init; }

    [Description("Whether pools take it straight from its source")]
    public required bool DirectDownload { get; init; }

    [Description("When it was registered")]
    public required DateTimeOffset Created { get; init; }

    [Description("The job that is under way for it")]
    public Guid? JobId { get; init; }

    [Description("0 while that job is under way")]
    public int? JobStatus { get; init; }

    [Description("Names and values attached to it")]
    public IReadOnlyList<TagWire> Tags { get; init; } = [];
}

internal sealed class TemplateWireReader(CloudDb db) : IReadWire<TemplateWire>
{
    public async Task<IReadOnlyList<TemplateWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
    {
        var keys = ids.Select(id => new Id<Template>(id)).ToList();
        var rows = await (
            from template in db.Set<Template>().AsNoTracking()
            where keys.Contains(template.Id)
            join zone in db.Set<Zone>().IgnoreQueryFilters() on template.ZoneId equals zone.Id
            join account in db.Set<Account>().IgnoreQueryFilters() on template.AccountId equals account.Id
            join domain in db.Set<Domain>().IgnoreQueryFilters() on template.DomainId equals domain.Id
            join os in db.Set<OsType>() on template.OsTypeId equals os.Id into types
            from os in types.DefaultIfEmpty()
            select new
            {
                Template = template,
                Zone = zone.Name,
                Account = account.Name,
                Domain = domain.Name,
                Os = os.Description,
                Percent = db.Set<StoreImage>().Where(i => i.TemplateId == template.Id).Max(i => (int?)i.Percent),
            }).ToListAsync(ct);
        var tags = await db.TagsOfAsync(ids, ct);
        var jobs = await db.JobsOnAsync(ids, ct);
        return [.. rows.InOrderOf(ids, r => r.Template.Id.Value).Select(r => new TemplateWire
        {
            Id = r.Template.Id.Value,
            Name = r.Template.Name,
            DisplayText = r.Template.DisplayText,
            IsReady = r.Template.State == TemplateState.Ready,
            Format = r.Template.Format.ToString().ToUpperInvariant(),
            Status = r.Template.Status(r.Percent),
            IsPublic = r.Template.IsPublic,
            IsFeatured = r.Template.IsFeatured,
            IsExtractable = r.Template.IsExtractable,
            PasswordEnabled = r.Template.PasswordEnabled,
            SshKeyEnabled = r.Template.SshKeyEnabled,
            IsDynamicallyScalable = r.Template.IsDynamicallyScalable,
            DirectDownload = r.Template.DirectDownload,
            Hypervisor = r.Template.Hypervisor,
            Bootable = r.Template.Bootable,
            Size = r.Template.VirtualSizeBytes > 0 ? r.Template.VirtualSizeBytes : null,
            PhysicalSize = r.Template.PhysicalSizeBytes > 0 ? r.Template.PhysicalSizeBytes : null,
            Checksum = r.Template.Checksum.Length > 0 ? r.Template.Checksum : null,
            OsTypeId = r.Template.OsTypeId?.Value,
            OsTypeName = r.Os ?? "Other (64-bit)",
            ZoneId = r.Template.ZoneId.Value,
            ZoneName = r.Zone,
            Account = r.Account,
            AccountId = r.Template.AccountId.Value,
            DomainId = r.Template.DomainId.Value,
            Domain = r.Domain,
            Created = r.Template.CreatedAt,
            JobId = jobs.On(r.Template.Id.Value),
            JobStatus = jobs.StatusOn(r.Template.Id.Value),
            Tags = tags.Of(r.Template.Id.Value),
        })];
    }
}
