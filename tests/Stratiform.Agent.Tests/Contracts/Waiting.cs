namespace Stratiform.Agent.Tests.Contracts;

/// <summary>Waits for what takes a moment; real guests take longer than fakes.</summary>
internal static class Waiting
{
    public static async Task<T> UntilAsync<T>(Func<Task<T>> read, Func<T, bool> holds, int seconds = 120)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var seen = await read();
            if (holds(seen)) return seen;
            if (limit.IsCancellationRequested) throw new TimeoutException($"After {seconds} s it is still: {seen}");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}
