using System.Globalization;
using Stratiform.Workflows;

namespace Stratiform.Management.Api;

/// <summary>The refusals of the API by name; each ends up as a <see cref="CloudException"/> with the field's own codes.</summary>
public static class Refusal
{
    /// <summary>For errors that carry no finer code on the wire.</summary>
    public const int NoClassCode = 0;

    /// <summary>A parameter's value is wrong (431).</summary>
    public static CloudException Parameter(string text) => new(431, text, 4350);

    /// <summary>A parameter names something that does not exist for the caller (431).</summary>
    /// <param name="command">The command's wire name.</param>
    /// <param name="parameter">The parameter's wire name.</param>
    /// <param name="value">What was sent.</param>
    public static CloudException Unknown(string command, string parameter, object value) => new(431, string.Create(
        CultureInfo.InvariantCulture,
        $"Unable to execute API command {command.ToLowerInvariant()} due to invalid value. Invalid parameter {parameter} value={value} due to incorrect long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class."));

    /// <summary>A required parameter is missing (431).</summary>
    public static CloudException Missing(string command, string parameter) =>
        new(431, $"Unable to execute API command {command.ToLowerInvariant()} due to missing parameter {parameter}");

    /// <summary>A parameter's text does not fit its type or its length (431).</summary>
    public static CloudException Value(string command, string reason) =>
        new(431, $"Unable to execute API command {command.ToLowerInvariant()} due to invalid value. {reason}", 4350);

    /// <summary>The caller has not proved who it is (401); the text never says which part was wrong.</summary>
    public static CloudException Credentials() =>
        new(401, "unable to verify user credentials and/or request signature", NoClassCode);

    /// <summary>The session is over or its key is wrong (401).</summary>
    public static CloudException Session() => new(401, "unable to verify user credentials", NoClassCode);

    /// <summary>There is no such command for the caller (432).</summary>
    public static CloudException NoSuchCommand(string text) => new(432, text, NoClassCode);

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

    /// <summary>Others changed the same thing at the same time, again and again (530).</summary>
    public static CloudException LostRace() =>
        new(530, "Others keep changing the same thing at the same time, so nothing was changed; please try again.", 4300);

    /// <summary>It went wrong on our side (530).</summary>
    public static CloudException Internal(string text) => new(530, text, 4250);
}
