namespace Stratiform.Management.Api;

/// <summary>One command's contract, and the way to carry it out.</summary>
internal sealed class ApiCommand
{
    /// <summary>The wire name: <c>listUsers</c>.</summary>
    public required string Name { get; init; }

    public required Type RecordType { get; init; }

    /// <summary>What is registered for it: <c>IHandle&lt;TCommand, TAnswer&gt;</c>.</summary>
    public required Type HandlerContract { get; init; }

    public required CommandAttribute Declared { get; init; }
    public required IReadOnlyList<ApiParameter> Parameters { get; init; }

    /// <summary>The wire shape of its answer, or of its job's result; null when it is a mere success.</summary>
    public required Type? Wire { get; init; }

    /// <summary>The fields of <see cref="Wire"/>.</summary>
    public required IReadOnlyList<AnswerField> Fields { get; init; }

    public required bool IsQuery { get; init; }
    public required bool IsAsync { get; init; }

    /// <summary>Resolves the handler and lets it answer.</summary>
    public required Func<IServiceProvider, object, Caller, CancellationToken, Task<object>> HandleAsync { get; init; }

    /// <summary>Reads wire shapes by ids; null when <see cref="Wire"/> has no reader of its own.</summary>
    public required Func<IServiceProvider, IReadOnlyList<Guid>, Caller, CancellationToken, Task<IReadOnlyList<object>>>? ReadWireAsync
    {
        get;
        init;
    }

    /// <summary>The one key of its answers.</summary>
    public string Envelope => Declared.Envelope ?? Name.ToLowerInvariant() + "response";

    /// <summary>The name under which its shape stands in answers.</summary>
    public string WireName => Wire is null ? "" : Declared.Shape ?? ApiCatalog.WireNameOf(Wire);

    /// <summary>True when its answer waits for the end of a workflow.</summary>
    public bool WaitsForHosts => HandlerContract.GetGenericArguments()[1].IsAssignableTo(typeof(IAfterJob));

    /// <summary>True for commands that callers may use before they have proved who they are.</summary>
    public bool IsAnonymous => Declared.Allowed.HasFlag(AllowedTo.Anonymous);
}
