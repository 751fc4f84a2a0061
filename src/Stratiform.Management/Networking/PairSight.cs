using Stratiform.Management.Events;
using Stratiform.Protocol;

namespace Stratiform.Management.Networking;

/// <summary>How the two routers of a pair stand at one moment.</summary>
/// <param name="Serve">Names of those that serve.</param>
/// <param name="Aside">Names of those that could take over at once.</param>
/// <param name="Absent">Names of the others.</param>
internal sealed record PairSight(IReadOnlyList<string> Serve, IReadOnlyList<string> Aside, IReadOnlyList<string> Absent)
{
    /// <summary>As they stand by what is said of each.</summary>
    public static PairSight Of(IReadOnlyList<Router> pair, Func<Router, PairState?> turn)
    {
        var names = pair.ToLookup(turn, r => r.Name);
        return new([.. names[PairState.Primary]], [.. names[PairState.Backup]], [.. names[PairState.Fault], .. names[null]]);
    }

    /// <summary>What is worth recording since they stood otherwise; null for nothing.</summary>
    public (string Text, EventLevel Level)? Tell(PairSight before)
    {
        if (Serve.SequenceEqual(before.Serve) && (Absent.Count == 0) == (before.Absent.Count == 0)) return null;
        return (Serve, Aside) switch
        {
            ([var one, var other], _) => ($"The routers {one} and {other} both serve: they do not hear each other. See to the network between their hosts", EventLevel.Error),
            ([var one], [var other]) when before.Serve is [] => ($"The router {one} serves, and {other} stands aside", EventLevel.Info),
            ([var one], [var other]) when before.Serve is [var former] && former != one => ($"The router {one} serves in place of {former}; {other} stands aside", EventLevel.Warn),
            ([var one], [var other]) => ($"The router {one} serves, and {other} stands aside again", EventLevel.Info),
            ([var one], []) when before.Serve is [var former] && former != one => ($"The router {one} serves in place of {former}, and nobody stands aside", EventLevel.Warn),
            ([var one], []) => ($"The router {one} serves, and nobody stands aside", EventLevel.Warn),
            _ when before.Serve is [] => null,
            _ => ($"Neither of the routers {string.Join(" and ", Aside.Concat(Absent))} serves", EventLevel.Error),
        };
    }
}
