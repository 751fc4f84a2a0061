using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stratiform.Management;

namespace Stratiform.Workflows.Tests.Laws;

/// <summary>
/// State records live in the rows of running clouds: the golden text of each, with every member filled, must be read back whole.
/// A member that is added is no harm to old rows; after a look at what changed, STRATIFORM_ACCEPT=1 writes the file anew.
/// </summary>
public sealed class StateTests
{
    private static readonly string File = Path.Combine(Path.GetDirectoryName(Here())!, "..", "Snapshots", "states.txt");

    [Fact]
    public void Every_workflow_reads_the_state_that_rows_hold()
    {
        var catalog = new WorkflowCatalog(typeof(CloudSetup).Assembly);
        if (Environment.GetEnvironmentVariable("STRATIFORM_ACCEPT") == "1")
            System.IO.File.WriteAllText(File, string.Concat(catalog.All.Select(e => $"{e.Kind} {e.Version} {Write(Filled(StateOf(e.Type)))}\n")));
        var golden = System.IO.File.ReadAllLines(File).Select(line => line.Split(' ', 3)).ToDictionary(parts => $"{parts[0]} {parts[1]}", parts => parts[2]);
        golden.Keys.ShouldBe(catalog.All.Select(e => $"{e.Kind} {e.Version}"), ignoreOrder: true);
        foreach (var entry in catalog.All)
        {
            var text = golden[$"{entry.Kind} {entry.Version}"];
            var read = JsonSerializer.Deserialize(text, StateOf(entry.Type), StateJson.Options)!;
            var (was, now) = (JsonNode.Parse(text)!.AsObject(), JsonNode.Parse(Write(read))!.AsObject());
            foreach (var (name, value) in was) JsonNode.DeepEquals(now[name], value).ShouldBeTrue($"{entry.Kind}.{name} was {value?.ToJsonString()} and is read as {now[name]?.ToJsonString()}");
            now.Select(member => member.Key).Except(was.Select(member => member.Key)).ShouldBeEmpty($"{entry.Kind} has members that the golden text lacks");
        }
    }

    private static Type StateOf(Type workflow)
    {
        for (var type = workflow; type is not null; type = type.BaseType)
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Workflow<>)) return type.GetGenericArguments()[0];
        throw new InvalidOperationException($"{workflow} has no state.");
    }

    private static string Write(object state) => JsonSerializer.Serialize(state, state.GetType(), StateJson.Options);

    // Anything but what the member is without being written: a member that is lost is seen.
    private static object Filled(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } value) return Filled(value);
        if (type == typeof(Guid)) return new Guid("0191e3a0-0000-7000-8000-000000000001");
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return DateTimeOffset.UnixEpoch;
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type.IsPrimitive) return Convert.ChangeType(7, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsGenericType && type.GetGenericArguments() is var of && typeof(IEnumerable).IsAssignableFrom(type)) return Several(of);
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select(p => Filled(p.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null && p.GetIndexParameters().Length == 0))
            property.SetValue(made, Filled(property.PropertyType));
        return made;
    }

    private static object Several(Type[] of)
    {
        if (of.Length == 2)
        {
            var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
            map.Add(Filled(of[0]), Filled(of[1]));
            return map;
        }
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(of))!;
        list.Add(Filled(of[0]));
        return list;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
