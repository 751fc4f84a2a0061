using System.Collections.Frozen;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Stratiform.Protocol;

namespace Stratiform.Management.Api;

/// <summary>
/// How wire shapes become JSON: names in lower case, nulls left out, enums and ids as text. Each role has options of its own,
/// which leave out what others see only.
/// </summary>
internal static class WireJson
{
    private static readonly FrozenDictionary<AllowedTo, JsonSerializerOptions> _byRole = new[]
    {
        AllowedTo.RootAdmin, AllowedTo.ResourceAdmin, AllowedTo.DomainAdmin, AllowedTo.User, AllowedTo.Anonymous,
    }.ToFrozenDictionary(role => role, Create);

    public static JsonSerializerOptions For(AllowedTo role) => _byRole[role];

    private static JsonSerializerOptions Create(AllowedTo role) => new()
    {
        PropertyNamingPolicy = new LowerCase(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new DateConverter(), new IdConverterFactory() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { type => LeaveOut(type, role) } },
    };

    private static void LeaveOut(JsonTypeInfo type, AllowedTo role)
    {
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var only = type.Properties[i].AttributeProvider?.GetCustomAttributes(typeof(OnlyForAttribute), inherit: true) ?? [];
            if (only is [OnlyForAttribute reserved] && !reserved.Allowed.HasFlag(role)) type.Properties.RemoveAt(i);
        }
    }

    private sealed class LowerCase : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }

    private sealed class DateConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.Parse(reader.GetString()!, CultureInfo.InvariantCulture);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(WireDate.Write(value));
    }

    private sealed class IdConverterFactory : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Id<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(IdConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
    }

    private sealed class IdConverter<T> : JsonConverter<Id<T>>
    {
        public override Id<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetGuid());

        public override void Write(Utf8JsonWriter writer, Id<T> value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
