namespace Stratiform.Management.Api;

/// <summary>A page whose rows' type does not matter to who writes it.</summary>
internal interface IPage
{
    /// <summary>All matches.</summary>
    int Count { get; }

    /// <summary>The page.</summary>
    IReadOnlyList<object> Rows { get; }

    /// <summary>Under which name, if not that of the command's shape.</summary>
    string? Name { get; }
}

/// <summary>Entities to read after the commit, whatever their type.</summary>
internal interface IShown
{
    /// <summary>Their ids.</summary>
    IReadOnlyList<Guid> Shown { get; }

    /// <summary>Answered as a list even though it is one.</summary>
    bool AsList { get; }
}

/// <summary>An answer that waits for a workflow's end.</summary>
internal interface IAfterJob
{
    /// <summary>The workflow; null when there is none to wait for.</summary>
    Guid? JobId { get; }
}
