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
        string where, string kind, IReadOnlySet<Guid> there, IReadOnlySet<Guid> wanted, IReadOnlySet<Guid> known, IReadOnlySet<Guid>? atWork = null)
    {
        Checked += there.Count;
        foreach (var id in there.Where(id => !wanted.Contains(id) && !known.Contains(id)))
            Add(where, kind, id, "it is there, and the database does not know it there", atWork?.Contains(id) == true);
        foreach (var id in wanted.Where(id => !there.Contains(id)))
            Add(where, kind, id, "the database counts on it, and it is not there");
    }

    /// <summary>Counts rows of the database as compared, and adds those that are wrong.</summary>
    public void Rows(string kind, int compared, IEnumerable<Guid> wrong, string text)
    {
        Checked += compared;
        foreach (var id in wrong) Add("database", kind, id, text);
    }

    public void Add(string where, string kind, Guid id, string text, bool atWork = false)
    {
        var finding = new FindingWire { Where = where, Kind = kind, Id = id.ToString(), Text = text };
        (atWork || inProgress.Contains(id) ? _inProgress : _leaks).Add(finding);
    }

    public void CannotRead(string where, string text) => _unreadable.Add(new() { Where = where, Text = text });
}
