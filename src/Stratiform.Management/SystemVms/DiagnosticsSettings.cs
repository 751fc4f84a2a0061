using Stratiform.Management.Settings;
using Stratiform.Protocol;

namespace Stratiform.Management.SystemVms;

/// <summary>The settings of what is collected inside system VMs.</summary>
internal static class DiagnosticsSettings
{
    public static readonly Setting<string> OfRouters = new(
        "diagnostics.data.router.defaults", string.Join(',', ReadDiagnosticsData.OfRouters), "What getDiagnosticsData collects in a router unless it is told")
    {
        Objection = text => Unknown(text, ReadDiagnosticsData.OfRouters),
    };

    public static readonly Setting<string> OfOthers = new(
        "diagnostics.data.systemvm.defaults", string.Join(',', ReadDiagnosticsData.OfAll), "What getDiagnosticsData collects in another system VM unless it is told")
    {
        Objection = text => Unknown(text, ReadDiagnosticsData.OfAll),
    };

    public static readonly Setting<int> AgeSeconds = new(
        "diagnostics.data.max.file.age", 86_400, "How long what getDiagnosticsData collected can be downloaded, seconds; then it is deleted")
    {
        Within = (60, 2_592_000),
    };

    /// <summary>The names in a value.</summary>
    public static IReadOnlyList<string> Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? Unknown(string text, IReadOnlyList<string> known) => Split(text).Except(known).FirstOrDefault() is { } bad
        ? $"has {bad}, which is not among {string.Join(", ", known)}" : Split(text).Count == 0 ? "names nothing" : null;
}
