namespace Stratiform.Management.Settings;

/// <summary>Rows that every server keeps in memory because every call needs them; <see cref="Announcements"/> keep them fresh.</summary>
internal interface IRemembered
{
    /// <summary>What is announced when the rows change.</summary>
    string Topic { get; }

    /// <summary>Replaces what is in memory by what is stored.</summary>
    Task ReadAgainAsync(CancellationToken ct);
}
