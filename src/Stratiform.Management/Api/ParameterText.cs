using System.Globalization;

namespace Stratiform.Management.Api;

/// <summary>Reads one value from its text; null says that it cannot be read.</summary>
internal static class ParameterText
{
    /// <summary>How the elements of a list are read.</summary>
    public static ParameterKind KindOf(Type type) => type switch
    {
        _ when type == typeof(int) => ParameterKind.Integer,
        _ when type == typeof(long) => ParameterKind.Long,
        _ when type == typeof(double) => ParameterKind.Double,
        _ when type == typeof(DateTimeOffset) => ParameterKind.Date,
        _ when type == typeof(string) || type.IsEnum => ParameterKind.String,
        _ => ParameterKind.Uuid,
    };

    public static object? Read(ParameterKind kind, Type type, string name, string text) => kind switch
    {
        ParameterKind.Boolean => text.Trim().Equals("true", StringComparison.OrdinalIgnoreCase),
        ParameterKind.Integer => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null,
        ParameterKind.Long => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null,
        ParameterKind.Double => ReadDouble(text),
        ParameterKind.String => type.IsEnum ? ReadName(type, text) : text,
        ParameterKind.Uuid => ReadId(type, text),
        ParameterKind.Date => WireDate.TryRead(text, endOfDay: name == "enddate", out var date) ? date : null,
        ParameterKind.List or ParameterKind.Map => throw new InvalidOperationException($"{name} has no single text."),
    };

    private static double? ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>A number is not a name, though the framework would take it for one.</summary>
    private static object? ReadName(Type type, string text) =>
        Enum.GetNames(type).FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name ? Enum.Parse(type, name) : null;

    /// <summary>-1 is the wire's "all of them"; for us the id of ones.</summary>
    private static object? ReadId(Type type, string text)
    {
        var isId = Guid.TryParseExact(text.Trim(), "D", out var id);
        if (text.Trim() == "-1") (isId, id) = (true, Guid.AllBitsSet);
        if (!isId) return null;
        return type == typeof(Guid) ? id : Activator.CreateInstance(type, id);
    }
}
