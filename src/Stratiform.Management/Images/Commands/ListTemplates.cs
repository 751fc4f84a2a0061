using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>The templates that exist for the caller: its own, and the public ones.</summary>
[Command("Lists templates", AllowedTo.Everyone)]
internal sealed record ListTemplates : OwnedListQuery<Template, TemplateWire>
{
    [Description("Which: featured, self, selfexecutable, sharedexecutable, executable, community, or all (administrators)")]
    public required string TemplateFilter { get; init; }

    [Description("Lists only the template of this name")]
    public string? Name { get; init; }

    [Description("Lists only templates of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("True lists only templates that are ready, false only others")]
    public bool? IsReady { get; init; }

    [Description("Lists only templates for this hypervisor")]
    public string? Hypervisor { get; init; }
}

internal sealed class ListTemplatesHandler(CloudDb db, Lists<TemplateWire> lists) : IHandle<ListTemplates, Page<TemplateWire>>
{
    public Task<Page<TemplateWire>> HandleAsync(ListTemplates command, Caller caller, CancellationToken ct)
    {
        var templates = Filtered(command, caller);
        if (command.Id is { } id) templates = templates.Where(t => t.Id == id);
        if (command.Ids is { } ids) templates = templates.Where(t => ids.Contains(t.Id));
        if (command.Name is { } name) templates = templates.Where(t => t.Name == name);
        if (command.ZoneId is { } zone) templates = templates.Where(t => t.ZoneId == zone);
        if (command.IsReady is { } ready) templates = templates.Where(t => t.State == TemplateState.Ready == ready);
        if (command.Hypervisor is { } wanted) templates = Enum.TryParse<Hypervisor>(wanted, ignoreCase: true, out var hypervisor)
            ? templates.Where(t => t.Hypervisor == hypervisor)
            : templates.Where(_ => false);
        if (command.Keyword is { } keyword) templates = templates.Where(t => EF.Functions.ILike(t.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return lists.PageAsync(templates.OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).Select(t => t.Id), command, caller, ct);
    }

    private IQueryable<Template> Filtered(ListTemplates command, Caller caller)
    {
        var usable = db.UsableTemplates(caller).AsNoTracking();
        var own = db.Set<Template>().AsNoTracking().Where(t => t.AccountId == caller.AccountId);
        return command.TemplateFilter.ToLowerInvariant() switch
        {
            "all" => caller.IsRootAdmin ? db.Set<Template>().AsNoTracking() : throw Refusal.Parameter("Only administrators list all templates; use templatefilter=executable."),
            "featured" => usable.Where(t => t.IsFeatured && t.IsPublic),
            "community" => usable.Where(t => t.IsPublic && !t.IsFeatured),
            "self" => own,
            "selfexecutable" => own.Where(t => t.State == TemplateState.Ready),
            "executable" => usable.Where(t => t.State == TemplateState.Ready),
            // Nothing is shared with single accounts yet.
            "shared" or "sharedexecutable" => usable.Where(_ => false),
            _ => throw Refusal.Parameter(
                $"templatefilter {command.TemplateFilter} is none of featured, self, selfexecutable, sharedexecutable, executable, community, all."),
        };
    }
}
