namespace Stratiform.SystemVm;

/// <summary>What goes through this worker, counted since it booted.</summary>
internal sealed class Traffic
{
    private long _in;
    private long _out;
    private int _requests;

    public long BytesIn => Interlocked.Read(ref _in);

    public long BytesOut => Interlocked.Read(ref _out);

    /// <summary>Requests that are being served.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public void CameIn(int bytes) => Interlocked.Add(ref _in, bytes);

    public void WentOut(int bytes) => Interlocked.Add(ref _out, bytes);

    public void BeginRequest() => Interlocked.Increment(ref _requests);

    public void EndRequest() => Interlocked.Decrement(ref _requests);
}
