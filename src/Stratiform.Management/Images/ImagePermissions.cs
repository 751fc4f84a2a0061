using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>The parameters of commands that say who may use an image.</summary>
public abstract record ImagePermissionsChange : ICommand<Success>
{
    [Description("Which one")]
    public required Id<Template> Id { get; init; }

    [Description("What becomes of accounts: add or remove them; reset takes back everything that was given, publicity too")]
    public string? Op { get; init; }

    [Description("Names of accounts of the owner's domain, separated by commas")]
    public IReadOnlyList<string>? Accounts { get; init; }

    [Description("Whether everybody may use it")]
    public bool? IsPublic { get; init; }

    [Description("Whether it is recommended (administrators)")]
    public bool? IsFeatured { get; init; }

    [Description("Whether it may be downloaded")]
    public bool? IsExtractable { get; init; }
}

/// <summary>Who may use an image besides its owner.</summary>
internal static class ImagePermissions
{
    /// <summary>Refuses publicity to those who may not give it; the answer is what was wished.</summary>
    public static bool MayBePublic(bool wished, Caller caller, LiveSettings settings) =>
        !wished || caller.IsRootAdmin || settings.Get(ApiSettings.PublicTemplatesByUsers) ? wished
            : throw Refusal.Parameter("Only private templates and ISOs can be made by users here (allow.public.user.templates); ask an administrator.");

    /// <summary>Changes an image as the command says.</summary>
    public static async Task ChangeAsync(
        this CloudDb db, Template image, ImagePermissionsChange change, Caller caller, LiveSettings settings, CancellationToken ct)
    {
        image.IsPublic = MayBePublic(change.IsPublic == true, caller, settings) || (change.IsPublic ?? image.IsPublic);
        image.IsExtractable = change.IsExtractable ?? image.IsExtractable;
        if (change.IsFeatured is { } featured)
            image.IsFeatured = caller.IsRootAdmin ? featured : throw Refusal.Permission("Only administrators recommend images; leave isfeatured out.");
        var given = await db.Set<TemplateShare>().Where(s => s.TemplateId == image.Id).ToListAsync(ct);
        switch (change.Op?.ToLowerInvariant())
        {
            case null when change.Accounts is null or []: break;
            case "add":
                var added = (await NamedAsync(db, image, change, ct)).Except(given.Select(s => s.AccountId));
                db.AddRange(added.Select(account => new TemplateShare { TemplateId = image.Id, AccountId = account }));
                break;
            case "remove":
                var named = await NamedAsync(db, image, change, ct);
                db.RemoveRange(given.Where(s => named.Contains(s.AccountId)));
                break;
            case "reset":
                (image.IsPublic, image.IsFeatured) = (false, false);
                db.RemoveRange(given);
                break;
            default: throw Refusal.Parameter("op is add or remove, with accounts, or reset.");
        }
    }

    // Names mean accounts of the owner's domain, whoever gives them.
    private static async Task<List<Id<Account>>> NamedAsync(CloudDb db, Template image, ImagePermissionsChange change, CancellationToken ct)
    {
        if (change.Accounts is not { Count: > 0 } names) throw Refusal.Parameter($"op={change.Op} needs accounts.");
        var found = await db.Set<Account>().Where(a => a.DomainId == image.DomainId && names.Contains(a.Name)).Select(a => new { a.Id, a.Name }).ToListAsync(ct);
        if (names.Except(found.Select(a => a.Name)).FirstOrDefault() is { } missing)
            throw Refusal.Parameter($"There is no account {missing} in the owner's domain; nothing was changed.");
        return [.. found.Select(a => a.Id).Where(id => id != image.AccountId)];
    }
}

/// <summary>Who may use an image, as clients see it.</summary>
[WireName("templatepermission")]
internal sealed record ImagePermissionsWire
{
    [Description("Its id")]
    public required Guid Id { get; init; }

    [Description("Whether everybody may use it")]
    public required bool IsPublic { get; init; }

    [Description("The owner's domain's id")]
    public required Guid DomainId { get; init; }

    [Description("Names of the accounts that it is shared with, for the owner and administrators")]
    public IReadOnlyList<string>? Account { get; init; }

    /// <summary>Reads them; others than the owner and its administrators do not learn with whom else it is shared.</summary>
    public static async Task<ImagePermissionsWire> ReadAsync(CloudDb db, Template image, Caller caller, CancellationToken ct)
    {
        var isOwner = await db.Visible<Template>(caller).AnyAsync(t => t.Id == image.Id, ct);
        var accounts = db.Set<Account>().Where(a => isOwner && db.Set<TemplateShare>().Any(s => s.TemplateId == image.Id && s.AccountId == a.Id));
        var names = await accounts.OrderBy(a => a.Name).Select(a => a.Name).ToListAsync(ct);
        return new() { Id = image.Id.Value, IsPublic = image.IsPublic, DomainId = image.DomainId.Value, Account = isOwner ? names : null };
    }
}
