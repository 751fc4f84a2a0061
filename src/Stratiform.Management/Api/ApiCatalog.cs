using System.Collections.Frozen;
using System.Reflection;

namespace Stratiform.Management.Api;

/// <summary>
/// Every command of the API, read once from the assembly. A command is a record with a <see cref="CommandAttribute"/>, and its
/// handler is the class that implements <see cref="IHandle{TCommand,TAnswer}"/> for it: nothing else names it. Binding,
/// validation, default roles, listApis, the documentation, the CLI and the tests are all fed from here, so that adding a
/// command is adding one file, and what the documentation says is what the binding does.
/// <para>
/// The record is the contract: a property's name in lower case is the parameter's name, its type says how the text is read,
/// <c>required</c> makes it required, <c>[MaxLength]</c> bounds it (255 else), <c>[Description]</c> documents it and
/// <c>[OnlyFor]</c> reserves it for some callers. The answer's type says what stands in the envelope: a <see cref="Page{TWire}"/>
/// is a list, <see cref="Shown{TWire}"/> one entity read after the commit, <see cref="Success"/> a mere yes, and an
/// <see cref="IAsyncCommand{TResult}"/> answers with its job and shows <c>TResult</c> when the job is done.
/// </para>
/// </summary>
internal sealed class ApiCatalog
{
    private readonly FrozenDictionary<string, ApiCommand> _byName;

    public ApiCatalog(params IEnumerable<Assembly> assemblies)
    {
        var types = assemblies.Distinct().SelectMany(assembly => assembly.GetTypes()).ToList();
        Handlers =
        [
            .. from type in types
               where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
               from contract in type.GetInterfaces()
               where IsClosed(contract, typeof(IHandle<,>))
               select (contract, type),
        ];
        Readers =
        [
            .. from type in types
               where type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false }
               from contract in type.GetInterfaces()
               where IsClosed(contract, typeof(IReadWire<>))
               select (contract, type),
        ];
        Commands = [.. types.Where(type => type.IsDefined(typeof(CommandAttribute), inherit: false)).Select(Read).OrderBy(c => c.Name, StringComparer.Ordinal)];
        _byName = Commands.ToFrozenDictionary(command => command.Name, StringComparer.Ordinal);
    }

    /// <summary>All commands, by name.</summary>
    public IReadOnlyList<ApiCommand> Commands { get; }

    /// <summary>What to register: each handler under its contract.</summary>
    public IReadOnlyList<(Type Contract, Type Handler)> Handlers { get; }

    /// <summary>What to register: each reader of wire shapes under its contract.</summary>
    public IReadOnlyList<(Type Contract, Type Reader)> Readers { get; }

    /// <summary>The command of that name; the wire distinguishes capitals.</summary>
    public ApiCommand? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>The name under which a shape stands in answers; empty when its fields stand right under the envelope.</summary>
    public static string WireNameOf(Type wire) => wire.GetCustomAttribute<WireNameAttribute>(inherit: false)?.Name ?? "";

    private ApiCommand Read(Type record)
    {
        var contract = record.GetInterfaces().SingleOrDefault(i => IsClosed(i, typeof(ICommand<>)))
            ?? throw new InvalidOperationException($"{record} has a [Command] but is no ICommand.");
        var handlers = Handlers.Where(h => h.Contract.GetGenericArguments()[0] == record).ToList();
        if (handlers.Count != 1) throw new InvalidOperationException($"{record} has {handlers.Count} handlers; it needs one.");
        var answer = contract.GetGenericArguments()[0];
        var result = record.GetInterfaces().SingleOrDefault(i => IsClosed(i, typeof(IAsyncCommand<>)))?.GetGenericArguments()[0];
        var declared = record.GetCustomAttribute<CommandAttribute>(inherit: false)!;
        var wire = WireOf(result ?? answer);
        return new ApiCommand
        {
            Name = declared.Name ?? char.ToLowerInvariant(record.Name[0]) + record.Name[1..],
            RecordType = record,
            HandlerContract = handlers[0].Contract,
            Declared = declared,
            Parameters = [.. Properties(record).Select(property => new ApiParameter(property)).OrderBy(p => p.Name, StringComparer.Ordinal)],
            Wire = wire,
            Fields = AnswerField.Of(wire ?? typeof(Succeeded)),
            IsQuery = record.GetInterfaces().Any(i => IsClosed(i, typeof(IQuery<>))),
            IsAsync = result is not null,
            HandleAsync = Delegate<Func<IServiceProvider, object, Caller, CancellationToken, Task<object>>>(nameof(HandleAsync), record, answer),
            ReadWireAsync = wire is null || Readers.All(r => r.Contract.GetGenericArguments()[0] != wire)
                ? null
                : Delegate<Func<IServiceProvider, IReadOnlyList<Guid>, Caller, CancellationToken, Task<IReadOnlyList<object>>>>(nameof(ReadWireAsync), wire),
        };
    }

    private static IEnumerable<PropertyInfo> Properties(Type record) =>
        record.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null);

    private static Type? WireOf(Type answer) => answer switch
    {
        _ when answer == typeof(Success) || answer == typeof(SuccessAfter) || answer == typeof(JobTicket) => null,
        _ when IsClosed(answer, typeof(Page<>)) || IsClosed(answer, typeof(Shown<>)) || IsClosed(answer, typeof(ShownList<>))
            || IsClosed(answer, typeof(ShownAfter<>)) =>
            answer.GetGenericArguments()[0],
        _ => answer,
    };

    private static bool IsClosed(Type type, Type open) => type.IsGenericType && type.GetGenericTypeDefinition() == open;

    private static T Delegate<T>(string method, params Type[] arguments) where T : Delegate =>
        typeof(ApiCatalog).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(arguments).CreateDelegate<T>();

    private static async Task<object> HandleAsync<TCommand, TAnswer>(
        IServiceProvider services, object command, Caller caller, CancellationToken ct)
        where TCommand : ICommand<TAnswer>
        where TAnswer : class =>
        await services.GetRequiredService<IHandle<TCommand, TAnswer>>().HandleAsync((TCommand)command, caller, ct);

    private static async Task<IReadOnlyList<object>> ReadWireAsync<TWire>(
        IServiceProvider services, IReadOnlyList<Guid> ids, Caller caller, CancellationToken ct)
        where TWire : class =>
        await services.GetRequiredService<IReadWire<TWire>>().ReadAsync(ids, caller, ct);
}
