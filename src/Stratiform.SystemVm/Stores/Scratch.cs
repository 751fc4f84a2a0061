namespace Stratiform.SystemVm.Stores;

/// <summary>
/// Room for what must be worked on before it goes to where that cannot be done. The disk is there from its first user to its last, so
/// whatever becomes of what lies on it, nothing stays.
/// </summary>
/// <param name="disk">The disk.</param>
internal sealed class Scratch(IScratchDisk disk)
{
    private readonly HashSet<string> _parts = [];
    private string _folder = "";

    private SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Names a file that is not there yet, as <see cref="IStore.BeginAsync"/>.</summary>
    public Task<string> BeginAsync(Guid imageId, CancellationToken ct) => InTurnAsync(async () =>
    {
        if (_parts.Count == 0) _folder = await disk.MountAsync(ct);
        var part = Path.Combine(_folder, $"{imageId}-{Protocol.Id.New<Scratch>()}");
        _parts.Add(part);
        return part;
    }, ct);

    /// <summary>The file and what lies beside it are gone.</summary>
    public Task EndAsync(string part) => InTurnAsync(async () =>
    {
        if (!_parts.Remove(part)) return false;
        if (_parts.Count == 0) await disk.UnmountAsync();
        else foreach (var left in Directory.EnumerateFiles(_folder, Path.GetFileName(part) + "*")) File.Delete(left);
        return true;
    }, CancellationToken.None);

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            Turn.Release();
        }
    }
}
