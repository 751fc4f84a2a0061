using System.Globalization;
using Stratiform.Management.Database;

namespace Stratiform.Management.Settings;

/// <summary>One setting's declaration: a static field, found by reflection. It is listed because something reads it.</summary>
/// <param name="name">The wire name: <c>default.page.size</c>.</param>
/// <param name="description">What it changes, in our own words.</param>
public abstract class Setting(string name, string description)
{
    /// <summary>The wire name.</summary>
    public string Name { get; } = name;

    /// <summary>What it changes.</summary>
    public string Description { get; } = description;

    /// <summary>The first level of its place in the console.</summary>
    public string Group { get; init; } = "Miscellaneous";

    /// <summary>The second level of its place in the console.</summary>
    public string Subgroup { get; init; } = "Others";

    /// <summary>The older way of sorting settings.</summary>
    public string Category { get; init; } = "Advanced";

    /// <summary>The type's word on the wire: Boolean, Number, Decimal, String.</summary>
    public abstract string TypeName { get; }

    /// <summary>The default as text.</summary>
    public abstract string DefaultText { get; }

    /// <summary>The only values allowed, separated by commas; null when they are many.</summary>
    public abstract string? OptionsText { get; }

    /// <summary>Reads a value.</summary>
    /// <param name="text">What was stored or sent.</param>
    /// <param name="value">The typed value.</param>
    /// <param name="why">Why the text is refused.</param>
    internal abstract bool TryRead(string text, out object value, out string why);

    /// <summary>Why the cloud as it is does not admit a value that can be read; null when it does.</summary>
    internal abstract Task<string?> RefusedAsync(CloudDb db, object value, CancellationToken ct);
}

/// <summary>A setting of one type, with its bounds.</summary>
/// <typeparam name="T">bool, int, long, double or string.</typeparam>
public sealed class Setting<T>(string name, T initial, string description) : Setting(name, description)
    where T : IParsable<T>, IComparable<T>
{
    /// <summary>What holds until somebody changes it.</summary>
    public T Initial { get; } = initial;

    /// <summary>The smallest and the greatest value allowed.</summary>
    public (T Min, T Max)? Within { get; init; }

    /// <summary>The only values allowed, when there are few.</summary>
    public IReadOnlyList<T> OneOf { get; init; } = [];

    /// <summary>What is wrong with a value, as the rest of a sentence that begins with it; null for nothing.</summary>
    public Func<T, string?>? Objection { get; init; }

    /// <summary>As <see cref="Objection"/>, when that depends on what the cloud has; asked when somebody changes the setting, not when it is read.</summary>
    internal Func<CloudDb, T, CancellationToken, Task<string?>>? ObjectionNow { get; init; }

    /// <inheritdoc/>
    public override string TypeName => this switch
    {
        Setting<bool> => "Boolean",
        Setting<int> or Setting<long> => "Number",
        Setting<double> => "Decimal",
        _ => "String",
    };

    /// <inheritdoc/>
    public override string DefaultText => Text(Initial);

    /// <inheritdoc/>
    public override string? OptionsText => OneOf.Count == 0 ? null : string.Join(",", OneOf);

    internal override bool TryRead(string text, out object value, out string why)
    {
        value = Initial;
        why = $"{Name} is of type {TypeName}, which '{text}' is not.";
        if (!T.TryParse(text.Trim(), CultureInfo.InvariantCulture, out var read)) return false;
        value = read;
        if (Objection?.Invoke(read) is { } wrong)
        {
            why = $"{Name}: '{text}' {wrong}.";
            return false;
        }
        if (OneOf.Count > 0)
        {
            why = $"{Name} is one of: {string.Join(", ", OneOf)}.";
            return OneOf.Contains(read);
        }
        if (Within is not var (min, max)) return true;
        why = $"{Name} is between {Text(min)} and {Text(max)}.";
        return read.CompareTo(min) >= 0 && read.CompareTo(max) <= 0;
    }

    internal override async Task<string?> RefusedAsync(CloudDb db, object value, CancellationToken ct) =>
        ObjectionNow is not null && await ObjectionNow(db, (T)value, ct) is { } wrong ? $"{Name}: '{Text(value)}' {wrong}." : null;

    private static string Text(object? value) => value is bool truth ? truth ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
