using System.Globalization;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>The refusals of the API by name; each ends up as a <see cref="CloudException"/> with the field's own codes.</summary>
public static class Refusal
{
    /// <summary>A parameter's value is wrong (431).</summary>
    public static CloudException Parameter(string text) => new(431, text, 4350);

    /// <summary>A parameter names something that does not exist for the caller (431).</summary>
    /// <param name="command">The command's wire name.</param>
    /// <param name="parameter">The parameter's wire name.</param>
    /// <param name="value">What was sent.</param>
    public static CloudException Unknown(string command, string parameter, object value) => new(431, string.Create(
        CultureInfo.InvariantCulture,
        $"Unable to execute API command {command} due to invalid value. Invalid parameter {parameter} value={value} due to incorrect long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class."));

    /// <summary>A required parameter is missing (431).</summary>
    public static CloudException Missing(string command, string parameter) =>
        new(431, $"Unable to execute API command {command} due to missing parameter {parameter}");

    /// <summary>The command cannot be read (430).</summary>
    public static CloudException Malformed(string text) => new(430, text);

    /// <summary>Who asks may not do this (531).</summary>
    public static CloudException Permission(string text) => new(531, text, 4365);

    /// <summary>No host, pool or address has room (533).</summary>
    public static CloudException Capacity(string text) => new(533, text, 4335);

    /// <summary>A host, pool or system VM is away (534).</summary>
    public static CloudException Unavailable(string text) => new(534, text, 4380);

    /// <summary>A limit is reached (535).</summary>
    public static CloudException Limit(string text) => new(535, text, 4370);

    /// <summary>Something else still uses it (536).</summary>
    public static CloudException InUse(string text) => new(536, text, 4375);

    /// <summary>A rule stands in the way (537).</summary>
    public static CloudException Conflict(string text) => new(537, text, 4360);

    /// <summary>It went wrong on our side (530).</summary>
    public static CloudException Internal(string text) => new(530, text, 4250);
}
