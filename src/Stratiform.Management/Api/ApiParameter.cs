using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>One parameter of a command, as its record's property declares it.</summary>
internal sealed class ApiParameter
{
    private const int UsualLength = 255;

    public ApiParameter(PropertyInfo property)
    {
        Property = property;
        Name = property.Name.ToLowerInvariant();
        Type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Element = Type.IsGenericType && Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? Type.GetGenericArguments()[0] : null;
        Kind = KindOf(Type, Element) ?? throw new InvalidOperationException(
            $"{property.DeclaringType}.{property.Name}: a parameter cannot be of type {property.PropertyType}.");
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        MaxLength = property.GetCustomAttribute<MaxLengthAttribute>()?.Length ?? UsualLength;
        Description = property.GetCustomAttribute<DescriptionAttribute>()?.Description ?? "";
        Allowed = property.GetCustomAttribute<OnlyForAttribute>()?.Allowed ?? AllowedTo.Everyone | AllowedTo.Anonymous;
    }

    public PropertyInfo Property { get; }

    /// <summary>The wire name: the property's in lower case.</summary>
    public string Name { get; }

    /// <summary>The property's type without its question mark.</summary>
    public Type Type { get; }

    /// <summary>What a list is of.</summary>
    public Type? Element { get; }

    public ParameterKind Kind { get; }
    public bool IsRequired { get; }

    /// <summary>Characters that a text may have.</summary>
    public int MaxLength { get; }

    public string Description { get; }

    /// <summary>Who may send it.</summary>
    public AllowedTo Allowed { get; }

    /// <summary>The kind of thing that an id, or a list of ids, names.</summary>
    public Type? Entity => EntityOf(Type) ?? (Element is null ? null : EntityOf(Element));

    private static Type? EntityOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Id<>) ? type.GetGenericArguments()[0] : null;

    private static ParameterKind? KindOf(Type type, Type? element) => type switch
    {
        _ when type == typeof(bool) => ParameterKind.Boolean,
        _ when type == typeof(int) => ParameterKind.Integer,
        _ when type == typeof(long) => ParameterKind.Long,
        _ when type == typeof(double) => ParameterKind.Double,
        _ when type == typeof(string) || type.IsEnum => ParameterKind.String,
        _ when type == typeof(Guid) || EntityOf(type) is not null => ParameterKind.Uuid,
        _ when type == typeof(DateTimeOffset) => ParameterKind.Date,
        _ when element == typeof(IReadOnlyDictionary<string, string>) => ParameterKind.Map,
        _ when element is not null && KindOf(element, null) is not (null or ParameterKind.Boolean) => ParameterKind.List,
        _ => null,
    };
}
