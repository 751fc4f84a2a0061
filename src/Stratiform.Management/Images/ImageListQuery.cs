using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>The parameters of lists of images.</summary>
/// <typeparam name="TWire">Their wire shape.</typeparam>
public abstract record ImageListQuery<TWire> : OwnedListQuery<Template, TWire> where TWire : class
{
    [Description("Lists only those of this name")]
    public string? Name { get; init; }

    [Description("Lists only those of this zone")]
    public Id<Zone>? ZoneId { get; init; }

    [Description("True lists only those that are ready, false only others")]
    public bool? IsReady { get; init; }
}

/// <summary>Which images a list means.</summary>
internal static class ListedImages
{
    /// <summary>
    /// The images that a filter's word and the other parameters mean. Account and domain say whose images "self" and "all" are about,
    /// and through whose eyes "executable" and "sharedexecutable" look.
    /// </summary>
    /// <param name="db">The state.</param>
    /// <param name="list">The other parameters.</param>
    /// <param name="parameter">The filter's name, for the refusal.</param>
    /// <param name="filter">Its word; null for everything that the caller may use.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IQueryable<Template>> ListedAsync<TWire>(
        this CloudDb db, ImageListQuery<TWire> list, string parameter, string? filter, Caller caller, CancellationToken ct)
        where TWire : class
    {
        var images = (await FilteredAsync(db, list, parameter, filter?.ToLowerInvariant(), caller, ct)).ExceptVolumes();
        if (list.Id is { } id) images = images.Where(t => t.Id == id);
        if (list.Ids is { } ids) images = images.Where(t => ids.Contains(t.Id));
        foreach (var (key, value) in list.Tags.AsKeysAndValues()) images = db.Tagged(images, key, value);
        if (list.Name is { } name) images = images.Where(t => t.Name == name);
        if (list.ZoneId is { } zone) images = images.Where(t => t.ZoneId == zone);
        if (list.IsReady is { } ready) images = images.Where(t => t.State == TemplateState.Ready == ready);
        if (list.Keyword is { } keyword) images = images.Where(t => EF.Functions.ILike(t.Name, Keyword.Pattern(keyword), Keyword.Escape));
        return images;
    }

    /// <summary>In the order of lists.</summary>
    public static IQueryable<Id<Template>> Sorted(this IQueryable<Template> images) =>
        images.OrderBy(t => t.SortKey).ThenBy(t => t.CreatedAt).ThenBy(t => t.Id).Select(t => t.Id);

    private static async Task<IQueryable<Template>> FilteredAsync<TWire>(
        CloudDb db, ImageListQuery<TWire> list, string parameter, string? filter, Caller caller, CancellationToken ct)
        where TWire : class => filter switch
        {
            null => await UsableAsync(db, list, caller, ct),
            "self" => await db.ListedAsync(list, caller, ct),
            "selfexecutable" => Ready(await db.ListedAsync(list, caller, ct)),
            "all" when caller.IsRootAdmin || caller.IsDomainAdmin => await db.ListedAsync(list with { ListAll = true }, caller, ct),
            "all" => throw Refusal.Parameter($"Only administrators list all images; use {parameter}=executable."),
            "featured" => Public(db).Where(t => t.IsFeatured),
            "community" => Public(db).Where(t => !t.IsFeatured),
            "executable" => Ready(await UsableAsync(db, list, caller, ct)),
            "shared" => await SharedAsync(db, list, caller, ct),
            "sharedexecutable" => Ready(await SharedAsync(db, list, caller, ct)),
            _ => throw Refusal.Parameter(
                $"{parameter} {filter} is none of featured, self, selfexecutable, sharedexecutable, executable, community, all."),
        };

    private static IQueryable<Template> Public(CloudDb db) => db.Set<Template>().AsNoTracking().Where(t => t.IsPublic);

    private static IQueryable<Template> Ready(IQueryable<Template> images) => images.Where(t => t.State == TemplateState.Ready);

    private static async Task<IQueryable<Template>> UsableAsync<TWire>(
        CloudDb db, ImageListQuery<TWire> list, Caller caller, CancellationToken ct)
        where TWire : class
    {
        if (list.Account is not { } name) return db.UsableTemplates(caller).AsNoTracking();
        var account = await db.FindAccountAsync(caller, name, list.DomainId, ct);
        var shared = db.SharedWith(account);
        return db.Set<Template>().AsNoTracking().Where(t => t.IsPublic || t.AccountId == account || shared.Contains(t.Id));
    }

    private static async Task<IQueryable<Template>> SharedAsync<TWire>(
        CloudDb db, ImageListQuery<TWire> list, Caller caller, CancellationToken ct)
        where TWire : class
    {
        var account = list.Account is { } name ? await db.FindAccountAsync(caller, name, list.DomainId, ct) : caller.AccountId;
        var shared = db.SharedWith(account);
        return db.Set<Template>().AsNoTracking().Where(t => shared.Contains(t.Id));
    }
}
