using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Api;

/// <summary>A colour, for a parameter that is one of a few words.</summary>
public enum Colour
{
    Red,
    Blue,
}

/// <summary>A command with a parameter of every kind; it answers with what it was given.</summary>
[Command("Answers with what it was given", AllowedTo.Everyone, Flat = true)]
internal sealed record Probe : IQuery<ProbeAnswer>
{
    [Description("Required text")]
    public required string Name { get; init; }

    [Description("Short text")]
    [MaxLength(4)]
    public string? Short { get; init; }

    [Description("Truth")]
    public bool? Flag { get; init; }

    [Description("Number")]
    public int? Number { get; init; }

    [Description("Long number")]
    public long? Long { get; init; }

    [Description("Fraction")]
    public double? Fraction { get; init; }

    [Description("User")]
    public Id<User>? UserId { get; init; }

    [Description("Moment")]
    public DateTimeOffset? StartDate { get; init; }

    [Description("Moment")]
    public DateTimeOffset? EndDate { get; init; }

    [Description("Words")]
    public IReadOnlyList<string>? Words { get; init; }

    [Description("Users")]
    public IReadOnlyList<Id<User>>? UserIds { get; init; }

    [Description("Colour")]
    public Colour? Colour { get; init; }

    [Description("Map")]
    public IReadOnlyList<IReadOnlyDictionary<string, string>>? Details { get; init; }

    [Description("For administrators")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string? Secret { get; init; }
}

/// <summary>What a probe was given.</summary>
internal sealed record ProbeAnswer
{
    [Description("The record as text")]
    public required string Seen { get; init; }

    [Description("Details")]
    public required IReadOnlyDictionary<string, string> Details { get; init; }

    [Description("Nothing")]
    public string? Nothing { get; init; }

    [Description("Now")]
    public required DateTimeOffset Now { get; init; }

    [Description("Who")]
    public required Id<User> UserId { get; init; }

    [Description("For administrators")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string Hidden { get; init; } = "hidden";

    [Description("Nested")]
    public required IReadOnlyList<ProbePart> Part { get; init; }
}

/// <summary>Something nested.</summary>
internal sealed record ProbePart
{
    [Description("Place")]
    public required int Place { get; init; }

    [Description("For administrators")]
    [OnlyFor(AllowedTo.RootAdmin)]
    public string Hidden { get; init; } = "hidden";
}

internal sealed class ProbeHandler(TimeProvider time) : IHandle<Probe, ProbeAnswer>
{
    public Task<ProbeAnswer> HandleAsync(Probe command, Caller caller, CancellationToken ct) => Task.FromResult(new ProbeAnswer
    {
        Seen = string.Join(';', command.Name, command.Short, command.Flag, command.Number, command.Long, command.Fraction, command.UserId,
            command.StartDate?.ToUnixTimeSeconds(), command.EndDate?.ToUnixTimeSeconds(), Joined(command.Words), Joined(command.UserIds), command.Colour),
        Details = command.Details.AsFields(),
        Now = time.GetUtcNow(),
        UserId = caller.UserId,
        Part = [new() { Place = 1 }, new() { Place = 2 }],
    });

    private static string Joined<T>(IReadOnlyList<T>? list) => list is null ? "none" : "[" + string.Join('|', list) + "]";
}

/// <summary>A command that fails in the ways that handlers fail.</summary>
[Command("Fails as it is told", AllowedTo.Everyone)]
internal sealed record ProbeFailure : ICommand<Success>
{
    [Description("bug, race, late or none")]
    public required string How { get; init; }
}

internal sealed class ProbeFailureHandler(CloudDb db, ProbeTries tries, TimeProvider time) : IHandle<ProbeFailure, Success>
{
    public async Task<Success> HandleAsync(ProbeFailure command, Caller caller, CancellationToken ct)
    {
        if (command.How == "bug") throw new InvalidOperationException("secret cause");
        if (command.How == "race") throw new DbUpdateConcurrencyException("lost");
        // The first try loses against a row that another caller added meanwhile; the second one sees it.
        if (command.How == "late" && tries.Count++ == 0)
        {
            var root = await db.Set<Domain>().SingleAsync(d => d.Path == "/", ct);
            db.AddRange(new Domain("twin", root, time.GetUtcNow()), new Domain("twin", root, time.GetUtcNow()));
        }
        return new Success("done");
    }
}

/// <summary>Counts how often a handler was tried.</summary>
internal sealed class ProbeTries
{
    public int Count { get; set; }
}

/// <summary>An asynchronous command that has a user as its result.</summary>
[Command("Has a job whose result is a user", AllowedTo.Everyone)]
internal sealed record ProbeJob : IAsyncCommand<UserWire>;

internal sealed class ProbeJobHandler : IHandle<ProbeJob, JobTicket>
{
    public Task<JobTicket> HandleAsync(ProbeJob command, Caller caller, CancellationToken ct) =>
        Task.FromResult(new JobTicket(Guid.Parse("11111111-1111-1111-1111-111111111111"), caller.UserId.Value));
}

/// <summary>A change that is answered with the entity as it is after the commit.</summary>
[Command("Renames the caller and shows it", AllowedTo.Everyone)]
internal sealed record ProbeChange : ICommand<Shown<UserWire>>
{
    [Description("First name")]
    public required string FirstName { get; init; }
}

internal sealed class ProbeChangeHandler(CloudDb db) : IHandle<ProbeChange, Shown<UserWire>>
{
    public async Task<Shown<UserWire>> HandleAsync(ProbeChange command, Caller caller, CancellationToken ct)
    {
        (await db.FindVisibleAsync(caller, caller.UserId, ct)).FirstName = command.FirstName;
        return new(caller.UserId.Value);
    }
}
