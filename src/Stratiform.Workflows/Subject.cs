using System.Globalization;

namespace Stratiform.Workflows;

/// <summary>One thing that at most one workflow works on at a time.</summary>
/// <param name="Kind">The kind's name, which has a rank (see <see cref="SubjectRanks"/>).</param>
/// <param name="Id">The thing's id.</param>
public readonly record struct Subject(string Kind, Guid Id)
{
    /// <summary><c>Kind/uuid</c>, as in the database and in messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Kind}/{Id:D}");

    /// <summary>Reads <c>Kind/uuid</c>.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static Subject Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) throw new FormatException($"'{text}' is not Kind/uuid.");
        return new(text[..slash], Guid.ParseExact(text.AsSpan(slash + 1), "D"));
    }
}

/// <summary>
/// The order of subjects' kinds, highest first. A child workflow may only queue for kinds below all that its ancestors
/// hold, so waiting has one direction and nobody waits for himself.
/// </summary>
/// <param name="kinds">All kinds, highest first.</param>
public sealed class SubjectRanks(params string[] kinds)
{
    /// <summary>The rank of a kind: 0 is the highest.</summary>
    /// <exception cref="ArgumentException">The kind has no rank.</exception>
    public int Of(string kind)
    {
        var rank = Array.IndexOf(kinds, kind);
        return rank >= 0 ? rank : throw new ArgumentException($"The subject kind '{kind}' has no rank.", nameof(kind));
    }
}
