using System.Text.Json;
using Stratiform.Protocol;
using Stratiform.Transfers;

namespace Stratiform.Agent.SystemVms;

/// <summary>
/// Reads what a worker answered. It comes from inside a VM that strangers' images went through, so nothing in it is taken to be
/// what it should be; an answer that is not becomes <see cref="HostErrorCode.Failed"/>.
/// </summary>
internal static class WorkerAnswers
{
    private const int LongestText = 1000;
    private const int LongestVersion = 100;

    /// <summary>The answer, or the refusal in it as an exception.</summary>
    public static T Read<T>(JsonElement line, Func<T, T?> check) where T : class
    {
        if (TryRead<HostError>(line, "error", Tame) is { } refusal) throw new HostException(refusal.Code, refusal.Text);
        return TryRead(line, "answer", check)
            ?? throw new HostException(HostErrorCode.Failed, $"The worker's answer is no {typeof(T).Name}.");
    }

    public static WorkerReport? Check(WorkerReport report) =>
        report is { Sessions: >= 0, BytesIn: >= 0, BytesOut: >= 0, MemoryBytes: >= 0, Version.Length: <= LongestVersion }
            ? report with { Answers = true, Version = Line(report.Version) }
            : null;

    public static ImageProgress? Check(ImageProgress progress)
    {
        var error = progress.Error is { } said ? Tame(said) : null;
        var isSound = Enum.IsDefined(progress.State) && progress.State == HostWorkState.Failed == error is not null
            && progress is { Percent: >= 0 and <= 100, VirtualSizeBytes: >= 0, PhysicalSizeBytes: >= 0, Checksum: not null }
            && IsChecksum(progress.Checksum);
        return isSound ? progress with { Error = error } : null;
    }

    public static StoreInventory? Check(StoreInventory inventory, Guid storeId) =>
        inventory is { Space: { CapacityBytes: >= 0, UsedBytes: >= 0 } space, Objects: { } objects }
        && objects.All(item => item is { Bytes: >= 0 })
            ? inventory with { Space = space with { PoolId = storeId } }
            : null;

    private static T? TryRead<T>(JsonElement line, string name, Func<T, T?> check) where T : class
    {
        if (!line.TryGetProperty(name, out var part) || part.ValueKind == JsonValueKind.Null) return null;
        try
        {
            return part.Deserialize<T>(ProtocolJson.Options) is { } read ? check(read) : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Fences and proofs are matters of the agent: a worker that speaks of them would speak in its name.
    private static HostError? Tame(HostError error) => !Enum.IsDefined(error.Code) || error.Text is null ? null : new HostError(
        error.Code is HostErrorCode.StaleFence or HostErrorCode.Forbidden ? HostErrorCode.Failed : error.Code,
        Line(error.Text.Length > LongestText ? error.Text[..LongestText] : error.Text));

    private static string Line(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private static bool IsChecksum(string text)
    {
        try
        {
            _ = Checksum.Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
