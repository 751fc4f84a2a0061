namespace Stratiform.Management.Audit;

/// <summary>Collects what one look finds, and tells leaks from what unfinished work explains.</summary>
internal sealed class Findings(IReadOnlySet<Guid> inProgress)
{
    private readonly List<FindingWire> _leaks = [];
    private readonly List<FindingWire> _inProgress = [];
    private readonly List<UnreadableWire> _unreadable = [];

    public int Checked { get; private set; }
    public IReadOnlyList<FindingWire> Leaks => _leaks;
    public IReadOnlyList<FindingWire> InProgress => _inProgress;
    public IReadOnlyList<UnreadableWire> Unreadable => _unreadable;

    /// <summary>Compares what there is with what there should be, both ways.</summary>
    /// <param name="where">The place.</param>
    /// <param name="kind">What kind of thing.</param>
    /// <param name="there">What there is.</param>
    /// <param name="wanted">What there must be.</param>
    /// <param name="known">What there may be besides.</param>
    /// <param name="atWork">What belongs to unfinished work besides its subjects; null for nothing.</param>
    public void Compare(
        Place where, string kind, IReadOnlySet<Guid> there, IReadOnlySet<Guid> wanted, IReadOnlySet<Guid> known, IReadOnlySet<Guid>? atWork = null)
    {
        Checked += there.Count;
        foreach (var id in there.Where(id => !wanted.Contains(id) && !known.Contains(id)))
        {
            var finding = Finding(where, kind, id, "it is there, and the database does not know it there") with { Removable = true };
            Add(finding, id, atWork?.Contains(id) == true);
        }
        foreach (var id in wanted.Where(id => !there.Contains(id)))
            Add(where, kind, id, $"the database counts on it, and it is not there: {MissingThings.WhatToDo(kind)}");
    }

    /// <summary>Counts rows of the database as compared, and adds those that are wrong.</summary>
    public void Rows(string kind, int compared, IEnumerable<Guid> wrong, string text)
    {
        Checked += compared;
        foreach (var id in wrong) Add(Place.Database, kind, id, text);
    }

    public void Add(Place where, string kind, Guid id, string text) => Add(Finding(where, kind, id, text), id, atWork: false);

    public void CannotRead(string where, string text) => _unreadable.Add(new() { Where = where, Text = text });

    private void Add(FindingWire finding, Guid id, bool atWork) => (atWork || inProgress.Contains(id) ? _inProgress : _leaks).Add(finding);

    private static FindingWire Finding(Place where, string kind, Guid id, string text) =>
        new() { Where = where.Name, WhereId = where.Id?.ToString(), Kind = kind, Id = id.ToString(), Text = text };
}

/// <summary>Where something was looked for.</summary>
/// <param name="Name">As operators know it.</param>
/// <param name="Id">The host, pool or image store; null for the database.</param>
internal sealed record Place(string Name, Guid? Id)
{
    public static Place Database { get; } = new("database", null);
}
