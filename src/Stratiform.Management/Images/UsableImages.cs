using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Which templates a caller may start virtual machines from.</summary>
internal static class UsableImages
{
    /// <summary>The public ones, and those of accounts in reach.</summary>
    public static IQueryable<Template> UsableTemplates(this CloudDb db, Caller caller)
    {
        if (caller.IsRootAdmin) return db.Set<Template>();
        var own = db.Visible<Template>(caller).Select(t => t.Id);
        return db.Set<Template>().Where(t => t.IsPublic || own.Contains(t.Id));
    }

    /// <summary>The template of a parameter.</summary>
    /// <exception cref="Stratiform.Workflows.CloudException">It does not exist for the caller, or is not ready.</exception>
    public static async Task<Template> FindUsableAsync(this CloudDb db, Caller caller, Id<Template> id, CancellationToken ct, string parameter = "templateId")
    {
        var template = await db.UsableTemplates(caller).SingleOrDefaultAsync(t => t.Id == id, ct)
            ?? throw Visibility.Unknown(caller, parameter, id);
        return template.State switch
        {
            TemplateState.Failed => throw Refusal.Parameter($"The template {template.Name} cannot be used: {template.Error}"),
            TemplateState.Awaited => throw Refusal.Parameter($"The template {template.Name} has not been uploaded yet."),
            TemplateState.Registered or TemplateState.Ready => template,
        };
    }
}
