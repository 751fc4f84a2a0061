using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>One field of an answer, as the wire record's property declares it; listApis shows it.</summary>
/// <param name="Name">The wire name.</param>
/// <param name="Type">The type in the field's words: string, boolean, integer, long, double, date, list, map.</param>
/// <param name="Description">What it says.</param>
/// <param name="Allowed">Who sees it.</param>
/// <param name="Fields">The fields of what is nested in it.</param>
internal sealed record AnswerField(string Name, string Type, string Description, AllowedTo Allowed, IReadOnlyList<AnswerField> Fields)
{
    /// <summary>The fields of a wire record.</summary>
    public static IReadOnlyList<AnswerField> Of(Type wire) =>
    [
        .. wire.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract")
            .Select(property => Of(property, wire)),
    ];

    /// <summary>The wire name of a record's property.</summary>
    public static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? property.Name.ToLowerInvariant();

    private static AnswerField Of(PropertyInfo property, Type wire)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var nested = NestedIn(type);
        return new(
            NameOf(property),
            WordFor(type),
            property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "",
            property.GetCustomAttribute<OnlyForAttribute>()?.Allowed ?? AllowedTo.Everyone | AllowedTo.Anonymous,
            nested is null || nested == wire ? [] : Of(nested));
    }

    private static Type? NestedIn(Type type)
    {
        var element = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : type;
        return element.IsClass && element.Namespace?.StartsWith("Stratiform.Management", StringComparison.Ordinal) == true ? element : null;
    }

    private static string WordFor(Type type) => type switch
    {
        _ when type == typeof(string) || type == typeof(Guid) || type.IsEnum => "string",
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>) => "string",
        _ when type == typeof(bool) => "boolean",
        _ when type == typeof(int) => "integer",
        _ when type == typeof(long) => "long",
        _ when type == typeof(double) => "double",
        _ when type == typeof(DateTimeOffset) => "date",
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) => "list",
        _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => "map",
        _ => "responseobject",
    };
}
