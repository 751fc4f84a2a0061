using System.ComponentModel;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images.Commands;

/// <summary>The templates that exist for the caller: its own, the public ones, and those that others share with it.</summary>
[Command("Lists templates", AllowedTo.Everyone)]
internal sealed record ListTemplates : ImageListQuery<TemplateWire>
{
    [Description("Which: featured, self, selfexecutable, sharedexecutable, executable, community, or all (administrators)")]
    public required string TemplateFilter { get; init; }

    [Description("Lists only templates for this hypervisor")]
    public string? Hypervisor { get; init; }
}

internal sealed class ListTemplatesHandler(CloudDb db, Lists<TemplateWire> lists) : IHandle<ListTemplates, Page<TemplateWire>>
{
    public async Task<Page<TemplateWire>> HandleAsync(ListTemplates command, Caller caller, CancellationToken ct)
    {
        var templates = await db.ListedAsync(command, "templatefilter", command.TemplateFilter, caller, ct);
        templates = templates.Where(t => t.Format != ImageFormat.Iso);
        if (command.Hypervisor is { } wanted) templates = Enum.TryParse<Hypervisor>(wanted, ignoreCase: true, out var hypervisor)
            ? templates.Where(t => t.Hypervisor == hypervisor)
            : templates.Where(_ => false);
        return await lists.PageAsync(templates.Sorted(), command, caller, ct);
    }
}
