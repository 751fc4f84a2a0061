namespace Stratiform.Management.Api;

/// <summary>A call of the API; the record is the contract: its properties, lower-cased, are the parameters.</summary>
/// <typeparam name="TAnswer">What its handler returns.</typeparam>
public interface ICommand<TAnswer> where TAnswer : class;

/// <summary>A command that changes nothing and may be sent by GET under every setting.</summary>
public interface IQuery<TAnswer> : ICommand<TAnswer> where TAnswer : class;

/// <summary>A command that enqueues a workflow and answers with its job.</summary>
/// <typeparam name="TResult">The wire shape that the finished job carries; <see cref="Success"/> when there is none.</typeparam>
public interface IAsyncCommand<TResult> : ICommand<JobTicket> where TResult : class;

/// <summary>
/// Carries out one command, always in this order: look up as the caller, check, answer or enqueue. It never talks to a host
/// and never saves: what it changed is saved in one commit after it returns.
/// </summary>
public interface IHandle<in TCommand, TAnswer>
    where TCommand : ICommand<TAnswer>
    where TAnswer : class
{
    /// <summary>Answers the command for the caller.</summary>
    /// <exception cref="Workflows.CloudException">The command is refused; see <see cref="Refusal"/>.</exception>
    Task<TAnswer> HandleAsync(TCommand command, Caller caller, CancellationToken ct);
}

/// <summary>Whom the default roles let call a command.</summary>
[Flags]
public enum AllowedTo
{
    /// <summary>Nobody but the kernel.</summary>
    None = 0,
    /// <summary>The cloud's administrators.</summary>
    RootAdmin = 1,
    /// <summary>Administrators of resources within a domain.</summary>
    ResourceAdmin = 2,
    /// <summary>Administrators of a domain.</summary>
    DomainAdmin = 4,
    /// <summary>Tenants' users.</summary>
    User = 8,
    /// <summary>Every role.</summary>
    Everyone = RootAdmin | ResourceAdmin | DomainAdmin | User,
    /// <summary>Callers who have not proved who they are.</summary>
    Anonymous = 16,
}

/// <summary>Makes a record a command of the API, named as the record with a small first letter.</summary>
/// <param name="description">What it does, in our own words; shown in listApis, the CLI's help and the documentation.</param>
/// <param name="allowed">Whom the default roles let call it.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CommandAttribute(string description, AllowedTo allowed = AllowedTo.RootAdmin) : Attribute
{
    /// <summary>What it does.</summary>
    public string Description { get; } = description;

    /// <summary>Whom the default roles let call it.</summary>
    public AllowedTo Allowed { get; } = allowed;

    /// <summary>The wire name when it is not the record's name with a small first letter.</summary>
    public string? Name { get; init; }

    /// <summary>The envelope's key when it is not the command's name in lower case plus "response".</summary>
    public string? Envelope { get; init; }

    /// <summary>The name under which its shape stands in its answer, or in its job's result, when that is not the shape's own.</summary>
    public string? Shape { get; init; }

    /// <summary>The answer's fields stand right under the envelope, without the shape's name.</summary>
    public bool Flat { get; init; }

    /// <summary>Its answer holds secrets that let others act, so roles that only look may not call it.</summary>
    public bool ShowsSecrets { get; init; }

    /// <summary>Refused by GET under every setting: it carries a password.</summary>
    public bool PostOnly { get; init; }
}

/// <summary>The name under which a shape stands in answers (<c>virtualmachine</c>, <c>zone</c>).</summary>
/// <param name="name">Lower case.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WireNameAttribute(string name) : Attribute
{
    /// <summary>Lower case.</summary>
    public string Name { get; } = name;
}

/// <summary>A wire member that only these callers see.</summary>
/// <param name="allowed">Who sees it; for others it is absent.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyForAttribute(AllowedTo allowed) : Attribute
{
    /// <summary>Who sees it.</summary>
    public AllowedTo Allowed { get; } = allowed;
}

/// <summary>The answer of an asynchronous command: <c>{"id":…,"jobid":…}</c>.</summary>
/// <param name="JobId">The job, which is the workflow's row.</param>
/// <param name="Id">The entity that the command creates, if it creates one.</param>
public sealed record JobTicket(Guid JobId, Guid? Id = null);

/// <summary>The answer of a command that has nothing to show.</summary>
/// <param name="DisplayText">A remark for the caller.</param>
public sealed record Success(string? DisplayText = null);

/// <summary>The answer of a command that shows one entity as it is after the command's commit.</summary>
/// <typeparam name="TWire">The entity's wire shape, read by its <see cref="IReadWire{TWire}"/>.</typeparam>
/// <param name="Id">The entity.</param>
public sealed record Shown<TWire>(Guid Id) : IShown where TWire : class
{
    IReadOnlyList<Guid> IShown.Shown => [Id];

    bool IShown.AsList => false;
}

/// <summary>As <see cref="Shown{TWire}"/>, for the commands that answer a change with a list (addHost, registerTemplate).</summary>
/// <typeparam name="TWire">The entities' wire shape.</typeparam>
/// <param name="Ids">The entities.</param>
public sealed record ShownList<TWire>(params IReadOnlyList<Guid> Ids) : IShown where TWire : class
{
    IReadOnlyList<Guid> IShown.Shown => Ids;

    bool IShown.AsList => true;
}

/// <summary>
/// The answer of a command whose clients expect the entity at once although hosts have to be asked: the workflow is enqueued
/// with the command's commit, and the answer waits for its end.
/// </summary>
/// <typeparam name="TWire">The entity's wire shape, read by its <see cref="IReadWire{TWire}"/>.</typeparam>
/// <param name="JobId">The workflow; null for an answer at once.</param>
/// <param name="Id">The entity.</param>
/// <param name="AsList">True for the commands that answer a change with a list.</param>
public sealed record ShownAfter<TWire>(Guid? JobId, Guid Id, bool AsList = false) : IShown, IAfterJob where TWire : class
{
    IReadOnlyList<Guid> IShown.Shown => [Id];
}

/// <summary>As <see cref="ShownAfter{TWire}"/>, for commands that have nothing to show.</summary>
/// <param name="JobId">The workflow.</param>
public sealed record SuccessAfter(Guid JobId) : IAfterJob
{
    Guid? IAfterJob.JobId => JobId;
}

/// <summary>One page of a list and how many there are in all.</summary>
/// <typeparam name="TWire">The wire shape of a row.</typeparam>
/// <param name="Count">All matches, not the page's.</param>
/// <param name="Items">The page.</param>
public sealed record Page<TWire>(int Count, IReadOnlyList<TWire> Items) : IPage where TWire : class
{
    private IReadOnlyList<object>? _forms;

    internal string? Name { get; private init; }

    IReadOnlyList<object> IPage.Rows => _forms ?? Items;

    string? IPage.Name => Name;

    /// <summary>The page under another name with its rows in another form, for the few lists of which a parameter asks for that.</summary>
    public Page<TWire> As(string name, Func<TWire, object> form) => this with { Name = name, _forms = [.. Items.Select(form)] };
}

/// <summary>Reads the wire shapes of entities by their ids: for lists, for job results, for answers of commands.</summary>
/// <typeparam name="TWire">The wire shape.</typeparam>
public interface IReadWire<TWire> where TWire : class
{
    /// <summary>The shapes in the order of <paramref name="ids"/>, with one query per nested collection; missing ids are left out.</summary>
    Task<IReadOnlyList<TWire>> ReadAsync(IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct);
}
