using System.Globalization;
using System.Text;

namespace Stratiform.Management.Api;

/// <summary>
/// Reads <c>a=b&amp;c=d</c> in UTF-8 and keeps the capitals of the names, which the signature needs and the framework's
/// collections forget.
/// </summary>
internal static class FormText
{
    public static List<KeyValuePair<string, string>> Read(ReadOnlySpan<char> text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            if (pair.IsEmpty) continue;
            var equals = pair.IndexOf('=');
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            pairs.Add(new(name, value));
        }
        return pairs;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAny('%', '+')) return text.ToString();
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '+')
                bytes[length++] = (byte)' ';
            else if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
                (length, i) = (length + 1, i + 2);
            else
                length += Encoding.UTF8.GetBytes(text.Slice(i, char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1), bytes.AsSpan(length));
            if (length > 0 && i + 1 < text.Length && char.IsHighSurrogate(text[i])) i++;
        }
        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
