using System.Buffers;
using System.Globalization;

namespace Stratiform.Management.Api;

/// <summary>The control characters that no parameter may carry: of all, only line feed and carriage return pass.</summary>
internal static class ControlCharacters
{
    public static SearchValues<char> Refused { get; } = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append(0x7F).Select(code => (char)code).Except(['\n', '\r'])]);

    /// <summary>A text that may be shown and logged: control characters by their numbers.</summary>
    public static string Shown(string text) => string.Concat(
        text.Select(c => char.IsControl(c) ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : c.ToString()));
}
