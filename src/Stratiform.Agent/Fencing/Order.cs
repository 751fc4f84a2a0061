using System.Globalization;
using System.Text.RegularExpressions;
using Stratiform.Protocol;

namespace Stratiform.Agent.Fencing;

/// <summary>On whose behalf an <c>Ensure…</c> was sent.</summary>
/// <param name="Subject">The subject, <c>Kind/uuid</c>.</param>
/// <param name="Fence">The fence of the workflow that holds it.</param>
public readonly partial record struct Order(string Subject, long Fence)
{
    /// <summary>Reads the two headers, or throws <see cref="HostErrorCode.Invalid"/>.</summary>
    public static Order Parse(string? subject, string? fence)
    {
        if (subject is null || !SubjectShape().IsMatch(subject))
            throw new HostException(HostErrorCode.Invalid, $"The header {Wire.SubjectHeader} must hold Kind/uuid.");
        if (!long.TryParse(fence, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new HostException(HostErrorCode.Invalid, $"The header {Wire.FenceHeader} must hold a decimal number.");
        return new Order(subject, number);
    }

    /// <summary>
    /// Takes away what nobody owns any more, whoever it belonged to: the server has looked, and later than any runner of the owner's.
    /// </summary>
    public bool IsOfLeftover => Subject.StartsWith(Wire.Leftover + "/", StringComparison.Ordinal);

    [GeneratedRegex(@"^[A-Za-z]{1,40}/[0-9a-f-]{36}\z", RegexOptions.None, 1000)]
    private static partial Regex SubjectShape();
}
