using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Which templates a caller may start virtual machines from.</summary>
internal static class UsableImages
{
    /// <summary>The public ones, those of accounts in reach, and those shared with the caller's.</summary>
    public static IQueryable<Template> UsableTemplates(this CloudDb db, Caller caller)
    {
        if (caller.IsRootAdmin) return db.Set<Template>().ExceptVolumes();
        var own = db.Visible<Template>(caller).Select(t => t.Id);
        var shared = db.SharedWith(caller.AccountId);
        return db.Set<Template>().ExceptVolumes().Where(t => t.IsPublic || own.Contains(t.Id) || shared.Contains(t.Id));
    }

    /// <summary>Those that are templates or ISOs, and not the content of a volume.</summary>
    public static IQueryable<Template> ExceptVolumes(this IQueryable<Template> images) => images.Where(t => t.VolumeId == null);

    /// <summary>What others share with an account.</summary>
    public static IQueryable<Id<Template>> SharedWith(this CloudDb db, Id<Account> account) =>
        db.Set<TemplateShare>().Where(s => s.AccountId == account).Select(s => s.TemplateId);

    /// <summary>The template of a parameter, for its owner to change.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none of this id for the caller, or it is an ISO.</exception>
    public static Task<Template> FindTemplateAsync(this CloudDb db, Caller caller, Id<Template> id, CancellationToken ct) =>
        OwnAsync(db.Visible<Template>(caller).Where(t => t.Format != ImageFormat.Iso), caller, id, ct);

    /// <summary>The ISO of a parameter, for its owner to change.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">There is none of this id for the caller, or it is a template.</exception>
    public static Task<Template> FindIsoAsync(this CloudDb db, Caller caller, Id<Template> id, CancellationToken ct) =>
        OwnAsync(db.Visible<Template>(caller).Where(t => t.Format == ImageFormat.Iso), caller, id, ct);

    /// <summary>The template or ISO of a parameter, for use.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller, or is not ready.</exception>
    public static async Task<Template> FindUsableAsync(
        this CloudDb db, Caller caller, Id<Template> id, CancellationToken ct, string parameter = "templateid")
    {
        var template = await db.UsableTemplates(caller).SingleOrDefaultAsync(t => t.Id == id, ct)
            ?? throw Visibility.Unknown(caller, parameter, id);
        return template.State switch
        {
            TemplateState.Failed => throw Refusal.Parameter($"The {template.Kind} {template.Name} cannot be used: {template.Error}"),
            TemplateState.Awaited => throw Refusal.Parameter($"The {template.Kind} {template.Name} has not been uploaded yet."),
            TemplateState.Registered or TemplateState.Ready => template,
        };
    }

    private static async Task<Template> OwnAsync(IQueryable<Template> images, Caller caller, Id<Template> id, CancellationToken ct) =>
        await images.ExceptVolumes().SingleOrDefaultAsync(t => t.Id == id, ct) ?? throw Visibility.Unknown(caller, "id", id);
}
