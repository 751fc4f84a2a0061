using Microsoft.EntityFrameworkCore;

namespace Stratiform.Management.Api;

/// <summary>The keyword of a list as a pattern for <see cref="NpgsqlDbFunctionsExtensions.ILike(DbFunctions,string,string,string)"/>.</summary>
internal static class Keyword
{
    /// <summary>Escapes what has a meaning in a pattern.</summary>
    public const string Escape = "\\";

    /// <summary>Matches texts that contain the keyword.</summary>
    public static string Pattern(string keyword) => "%" + keyword
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("%", "\\%", StringComparison.Ordinal)
        .Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
