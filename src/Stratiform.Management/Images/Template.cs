using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>An image that virtual machines start from: a disk that theirs are clones of, or an ISO that they find in their drive.</summary>
public sealed class Template : IOwned, IRemovable
{
    private Template() { }

    public Template(string name, string url, Id<Account> account, Id<Domain> domain, Id<Zone> zone, DateTimeOffset now)
    {
        Id = Protocol.Id.New<Template>();
        (Name, Url, AccountId, DomainId, ZoneId, CreatedAt) = (name, url, account, domain, zone, now);
    }

    /// <summary>What the URL of a volume's copy says of where it came from.</summary>
    internal const string OfVolume = "volume:";

    public Id<Template> Id { get; private set; }
    public string Name { get; set; } = "";
    public string DisplayText { get; set; } = "";
    public Id<Account> AccountId { get; private set; }
    public Id<Domain> DomainId { get; private set; }
    public Id<Zone> ZoneId { get; private set; }

    /// <summary>Where it comes from: a <c>file:</c>, <c>http:</c> or <c>https:</c> URL, <c>upload:</c> for what its owner sends, or <c>volume:</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What runs its virtual machines; null for an ISO, which does not care.</summary>
    public Hypervisor? Hypervisor { get; init; }

    /// <summary>What its URL leads to; on stores and pools it is qcow2, unless it is an ISO.</summary>
    public ImageFormat Format { get; init; }

    public bool IsIso => Format == ImageFormat.Iso;

    /// <summary>
    /// The volume whose content this is, on its way into an image store or out of it: no template, and in nobody's list. Null for all others.
    /// </summary>
    public Id<Volume>? VolumeId { get; init; }

    /// <summary>Until when links to it are good; then it goes. Null for what stays.</summary>
    public DateTimeOffset? KeptUntil { get; private set; }

    /// <summary>What it is called in sentences.</summary>
    internal string Kind => VolumeId is not null ? "volume" : IsIso ? "ISO" : "template";

    /// <summary>Pools take it from where it came from, and it rests in no store.</summary>
    public bool DirectDownload { get; init; }

    /// <summary>Virtual machines can boot from it.</summary>
    public bool Bootable { get; set; } = true;

    /// <summary><c>{SHA-256}hex</c> of what its URL leads to; empty when not known.</summary>
    public string Checksum { get; init; } = "";

    /// <summary>It comes, as far as its URL says, as it is kept: nothing need be unpacked or converted.</summary>
    internal bool IsPlain => Format is ImageFormat.Qcow2 or ImageFormat.Iso && !PackedNames.Any(name => Url.EndsWith(name, StringComparison.OrdinalIgnoreCase));

    private static string[] PackedNames => [".gz", ".bz2", ".xz", ".zst", ".zip"];

    /// <summary>Hosts bring it to pools themselves, past all stores: somebody asked for that, or it is a file of theirs, which no worker sees.</summary>
    internal bool ComesByHosts => DirectDownload || Url.StartsWith("file:", StringComparison.Ordinal);

    public Id<OsType>? OsTypeId { get; set; }
    public bool IsPublic { get; set; }
    public bool IsFeatured { get; set; }
    public bool IsExtractable { get; set; }

    /// <summary>Guests take a password from the metadata service.</summary>
    public bool PasswordEnabled { get; set; }

    public bool SshKeyEnabled { get; set; } = true;

    /// <summary>Its guests bear that their size changes while they run.</summary>
    public bool IsDynamicallyScalable { get; set; }

    /// <summary>Its place in lists: smaller ones come first.</summary>
    public int SortKey { get; set; }

    /// <summary>The first of all zones' copies of it; null for that itself, and for what lies in one zone only.</summary>
    public Id<Template>? OriginId { get; private set; }

    public TemplateState State { get; private set; } = TemplateState.Registered;

    /// <summary>Virtual size; 0 until a host has read it.</summary>
    public long VirtualSizeBytes { get; private set; }

    public long PhysicalSizeBytes { get; private set; }

    /// <summary>Why it cannot be used.</summary>
    public string? Error { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }
    public DateTimeOffset? RemovedAt { get; private set; }

    /// <summary>How it stands, for people; the reason when it failed.</summary>
    /// <param name="percent">How much of it has come into a store.</param>
    internal string Status(int? percent) => State switch
    {
        TemplateState.Registered when percent > 0 => string.Create(CultureInfo.InvariantCulture, $"{percent}% Downloaded"),
        TemplateState.Registered => "Checking",
        TemplateState.Awaited when percent > 0 => string.Create(CultureInfo.InvariantCulture, $"{percent}% Uploaded"),
        TemplateState.Awaited => "Waiting for upload",
        TemplateState.Ready => "Download Complete",
        TemplateState.Failed => Error ?? "Failed",
    };

    /// <summary>Its image is still to be uploaded.</summary>
    public void AwaitUpload() => State = TemplateState.Awaited;

    public void MarkReady(long virtualSize, long physicalSize) =>
        (State, VirtualSizeBytes, PhysicalSizeBytes, Error) = (TemplateState.Ready, virtualSize, physicalSize, null);

    public void MarkFailed(string error) => (State, Error) = (TemplateState.Failed, error);

    public void Remove(DateTimeOffset now) => RemovedAt = now;

    /// <summary>For those who bring it somewhere: it is still wanted there.</summary>
    /// <param name="done">What they do, as it would be told: "it was uploaded".</param>
    /// <exception cref="Stratiform.Workflows.CloudException">It was deleted before (431).</exception>
    internal void RequireNotDeletedBefore(string done)
    {
        if (RemovedAt is not null) throw Refusal.Parameter($"The {Kind} {Name} was deleted before {done}.");
    }

    /// <summary>The same for another zone, where it is still to come.</summary>
    public Template CopyTo(Id<Zone> zone, DateTimeOffset now) => new(Name, Url, AccountId, DomainId, zone, now)
    {
        OriginId = OriginId ?? Id,
        DisplayText = DisplayText,
        Hypervisor = Hypervisor,
        Format = Format,
        Checksum = Checksum,
        Bootable = Bootable,
        OsTypeId = OsTypeId,
        IsPublic = IsPublic,
        IsFeatured = IsFeatured,
        IsExtractable = IsExtractable,
        PasswordEnabled = PasswordEnabled,
        SshKeyEnabled = SshKeyEnabled,
        IsDynamicallyScalable = IsDynamicallyScalable,
        SortKey = SortKey,
    };

    /// <summary>It is there for a while.</summary>
    public void KeepUntil(DateTimeOffset time) => KeptUntil = time;

    /// <summary>Who begins to use it and who deletes it change the same row: the later one sees what the earlier one did.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It was deleted.</exception>
    internal static async Task RequireThereAsync(DbContext commit, Id<Template> image, CancellationToken ct)
    {
        var there = await commit.Set<Template>().Where(t => t.Id == image).ExecuteUpdateAsync(set => set.SetProperty(t => t.SortKey, t => t.SortKey), ct);
        if (there == 0) throw Refusal.Parameter("The ISO has just been deleted.");
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Template>
    {
        public void Configure(EntityTypeBuilder<Template> entity)
        {
            entity.HasIndex(t => new { t.SortKey, t.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(t => new { t.ZoneId, t.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(t => new { t.AccountId, t.CreatedAt }).HasFilter("removed_at IS NULL");
            entity.HasIndex(t => new { t.OriginId, t.ZoneId }).IsUnique().HasFilter("removed_at IS NULL");
            entity.HasIndex(t => t.VolumeId).HasFilter("removed_at IS NULL AND volume_id IS NOT NULL");
            entity.HasOne<Zone>().WithMany().HasForeignKey(t => t.ZoneId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Whether a template can be deployed.</summary>
public enum TemplateState
{
    /// <summary>Known, not checked yet.</summary>
    Registered,
    /// <summary>Its image is still to be uploaded.</summary>
    Awaited,
    /// <summary>Read and verified.</summary>
    Ready,
    /// <summary>It cannot be read; see <see cref="Template.Error"/>.</summary>
    Failed,
}
