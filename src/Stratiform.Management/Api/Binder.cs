using System.Globalization;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>Makes a command's record from what was sent, or says which parameter is wrong.</summary>
internal static class Binder
{
    /// <summary>The record; parameters that the command does not know are ignored, as the field's clients expect.</summary>
    public static object Bind(ApiCommand command, ApiRequest request, Caller caller)
    {
        foreach (var (name, value) in request.Values) RefuseControlCharacters(name, value);
        ParameterMap.Check(request);
        var record = Activator.CreateInstance(command.RecordType)!;
        foreach (var parameter in command.Parameters)
        {
            var value = Read(parameter, command, request);
            if (value is null && parameter.IsRequired) throw Refusal.Missing(command.Name, parameter.Name);
            if (value is null) continue;
            if (!parameter.Allowed.HasFlag(caller.Role))
                throw Refusal.Permission($"Parameter {parameter.Name} of {command.Name} is not for your role.");
            parameter.Property.SetValue(record, value);
        }
        return record;
    }

    private static object? Read(ApiParameter parameter, ApiCommand command, ApiRequest request)
    {
        if (parameter.Kind == ParameterKind.Map) return ParameterMap.Read(request, parameter.Name);
        if (request[parameter.Name] is not { } text) return null;
        var blankCounts = parameter is { IsRequired: false, Kind: ParameterKind.List }
            || (parameter is { IsRequired: false } && parameter.Type == typeof(string));
        if (string.IsNullOrWhiteSpace(text) && !blankCounts) return null;
        return parameter.Kind == ParameterKind.List
            ? ReadList(parameter, command, text)
            : ReadOne(parameter, parameter.Kind, parameter.Type, command, text);
    }

    private static Array ReadList(ApiParameter parameter, ApiCommand command, string text)
    {
        var element = parameter.Element!;
        var kind = ParameterText.KindOf(element);
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var list = Array.CreateInstance(element, parts.Length);
        for (var i = 0; i < parts.Length; i++) list.SetValue(ReadOne(parameter, kind, element, command, parts[i]), i);
        return list;
    }

    private static object ReadOne(ApiParameter parameter, ParameterKind kind, Type type, ApiCommand command, string text)
    {
        if (kind == ParameterKind.String && text.Length > parameter.MaxLength)
            throw Refusal.Value(command.Name, string.Create(
                CultureInfo.InvariantCulture, $"Value greater than max allowed length {parameter.MaxLength} for param: {parameter.Name}"));
        return ParameterText.Read(kind, type, parameter.Name, text) ?? throw Unreadable(parameter, kind, type, command, text);
    }

    private static CloudException Unreadable(ApiParameter parameter, ParameterKind kind, Type type, ApiCommand command, string text) => kind switch
    {
        ParameterKind.Uuid => Refusal.Unknown(command.Name, parameter.Name, text),
        ParameterKind.Date => Refusal.Parameter(
            $"Unable to parse date {text} for command {command.Name.ToLowerInvariant()}, please pass dates in the format mentioned in the api documentation"),
        _ when type.IsEnum => Refusal.Value(
            command.Name, $"Invalid parameter {parameter.Name} value={text}; it is one of {string.Join(", ", Enum.GetNames(type))}"),
        _ => Refusal.Parameter(
            $"Unable to execute API command {command.Name.ToLowerInvariant()} due to invalid value {text} for parameter {parameter.Name}"),
    };

    private static void RefuseControlCharacters(string name, string value)
    {
        var inName = name.AsSpan().ContainsAny(ControlCharacters.Refused);
        if (!inName && (name == "activationrule" || !value.AsSpan().ContainsAny(ControlCharacters.Refused))) return;
        throw Refusal.Parameter(
            $"Received value {ControlCharacters.Shown(value)} for parameter {ControlCharacters.Shown(name)} is invalid, "
            + "contains illegal ASCII non-printable characters");
    }
}
