using Stratiform.Management.Database;

namespace Stratiform.Management.Tests.Architecture;

/// <summary>
/// A slice may use another slice's entities in one order only, and never its handlers: what a lower slice needs of a higher one is an
/// interface that the lower one declares, or a workflow that it orders.
/// </summary>
public sealed class SliceTests
{
    /// <summary>From below; slices of one line may use each other.</summary>
    private static readonly string[][] Order =
    [
        ["Api", "Settings", "Events", "Jobs", "Accounts", "Database", "Telemetry"],
        ["Infrastructure"],
        ["Agents"],
        ["Storage", "Images"],
        ["Networking"],
        ["Compute"],
        ["SystemVms"],
        ["Audit"],
    ];

    private static readonly string Root = typeof(CloudSetup).Namespace! + ".";

    [Fact]
    public void No_slice_uses_what_lies_above_it()
    {
        var wrong =
            from use in Uses()
            // The context says how columns of every slice's own types are written.
            where RankOf(use.To) > RankOf(use.From) && use.User != typeof(CloudDb) && use.User.DeclaringType != typeof(CloudDb)
            select $"{use.User} uses {use.Used}";
        wrong.Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void No_slice_uses_the_commands_of_another()
    {
        var wrong =
            from use in Uses()
            where use.From != use.To && use.Used.Namespace!.EndsWith(".Commands", StringComparison.Ordinal)
            select $"{use.User} uses {use.Used}";
        wrong.Distinct().Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_slice_has_its_place_in_the_order()
    {
        var slices = typeof(CloudSetup).Assembly.GetTypes().Select(SliceOf).OfType<string>().Distinct().ToList();
        slices.Except(Order.SelectMany(line => line)).ShouldBeEmpty();
        slices.Count.ShouldBeGreaterThan(10);
    }

    private static IEnumerable<(Type User, string From, Type Used, string To)> Uses() =>
        from user in typeof(CloudSetup).Assembly.GetTypes()
        let @from = SliceOf(user)
        where @from is not null && !user.Namespace!.EndsWith(".Migrations", StringComparison.Ordinal)
        from used in Compiled.UsedBy(user)
        let to = SliceOf(used)
        where to is not null
        select (user, @from, used, to);

    private static int RankOf(string slice) => Array.FindIndex(Order, line => line.Contains(slice));

    // The namespace's first part below the root; what composes the server has none.
    private static string? SliceOf(Type type) =>
        type.Assembly == typeof(CloudSetup).Assembly && type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true
            ? type.Namespace[Root.Length..].Split('.')[0]
            : null;
}
