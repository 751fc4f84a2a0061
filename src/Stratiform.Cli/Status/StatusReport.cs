using System.Text.Json;
using Stratiform.Cli.Verbs;
using Stratiform.Cli.Wire;

namespace Stratiform.Cli.Status;

/// <summary>Asks each part of the cloud how it is; one that cannot be asked says so and does not keep the others from it.</summary>
internal sealed class StatusReport(Session session)
{
    private const int ErrorsShown = 5;

    public async Task<IReadOnlyList<Section>> AllAsync(CancellationToken ct)
    {
        List<Section> sections = [];
        if (BoxState.Of(session.Here) is { } box)
            sections.Add(box);
        var server = await ServerAsync(ct);
        sections.AddRange(server);
        if (server.Any(section => !section.IsWell))
            return sections;
        (string Name, Func<CancellationToken, Task<Section>> Ask)[] parts =
        [
            ("hosts", HostsAsync),
            ("system VMs", SystemVmsAsync),
            ("VMs", VmsAsync),
            ("capacity", CapacityAsync),
            ("last errors", ErrorsAsync),
        ];
        foreach (var (name, ask) in parts)
            sections.Add(await GuardedAsync(name, ask, ct));
        return sections;
    }

    /// <summary>The server by its health page, and the database by what that page tells of it.</summary>
    private async Task<IReadOnlyList<Section>> ServerAsync(CancellationToken ct)
    {
        var address = session.Cloud.Endpoint.Server;
        try
        {
            var (status, body) = await session.Cloud.GetAsync("/health/ready", ct);
            var database = HealthPage.Find(body, "database");
            return status switch
            {
                200 =>
                [
                    new("server", true, [$"ready at {address}"]),
                    new("database", true, [database ?? "answers, or the server would not be ready"]),
                ],
                404 => [new("server", true, [$"answers at {address}; it has no health page"])],
                _ =>
                [
                    new(
                        "server",
                        false,
                        [$"answers at {address}, but is not ready (HTTP {status})", .. HealthPage.Lines(body)],
                        BoxState.LogHint(session.Here)),
                    .. database is null ? (Section[])[] : [new("database", false, [database])],
                ],
            };
        }
        catch (CloudUnreachable e)
        {
            return [new("server", false, [e.Message], BoxState.LogHint(session.Here))];
        }
    }

    private static async Task<Section> GuardedAsync(string name, Func<CancellationToken, Task<Section>> ask, CancellationToken ct)
    {
        try
        {
            return await ask(ct);
        }
        catch (CloudRefused e)
        {
            return new(name, false, [$"cannot be asked: {e.Message}"], e.NextStep);
        }
        catch (CloudUnreachable e)
        {
            return new(name, false, [$"cannot be asked: {e.Message}"]);
        }
    }

    private async Task<Section> HostsAsync(CancellationToken ct)
    {
        var hosts = await ListAsync("listHosts", [new("type", "Routing")], ct);
        string[] lines = [.. hosts.Select(host => Line(host, "name", "state", "resourcestate", "ipaddress"))];
        var isWell = hosts.Count > 0 && hosts.All(host => host.Text("state") == "Up");
        return hosts.Count == 0
            ? new("hosts", false, ["none"], "Add one: strat host add --help, or in the box: make up")
            : new("hosts", isWell, lines, isWell ? null : "Look why: strat host show NAME, and strat alert list");
    }

    private async Task<Section> SystemVmsAsync(CancellationToken ct)
    {
        var vms = await ListAsync("listSystemVms", [], ct);
        string[] lines =
        [
            .. vms.Select(vm => Line(vm, "name", "systemvmtype", "state", "hostname")),
        ];
        var isWell = vms.All(vm => vm.Text("state") is "Running" or "Starting" or "Stopped");
        var todo = isWell ? null : "strat event list shows what happened to it.";
        return new("system VMs", isWell, lines.Length > 0 ? lines : ["none yet"], todo);
    }

    private async Task<Section> VmsAsync(CancellationToken ct)
    {
        var vms = await ListAsync("listVirtualMachines", [new("listall", "true")], ct);
        var states = vms.GroupBy(vm => vm.Text("state") ?? "Unknown").OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {group.Key}");
        var isWell = vms.All(vm => vm.Text("state") != "Error");
        return new("VMs", isWell, [vms.Count == 0 ? "none" : string.Join(", ", states)], isWell ? null : "strat vm list shows which.");
    }

    private async Task<Section> CapacityAsync(CancellationToken ct)
    {
        var kinds = (await ListAsync("listCapacity", [], ct)).Select(CapacityLine.Of).OfType<CapacityLine>().ToArray();
        var isWell = kinds.All(kind => !kind.IsScarce);
        return new("capacity", isWell, [.. kinds.Select(kind => kind.Text)], isWell ? null : "Add hosts or storage before it is full.");
    }

    private async Task<Section> ErrorsAsync(CancellationToken ct)
    {
        KeyValuePair<string, string>[] newest =
            [new("level", "ERROR"), new("listall", "true"), new("page", "1"), new("pagesize", $"{ErrorsShown}")];
        var events = (await session.Cloud.CallAsync("listEvents", newest, ct)).Items;
        string[] lines = [.. events.Select(item => Line(item, "created", "type", "description"))];
        return new("last errors", true, lines.Length > 0 ? lines : ["none"]);
    }

    private static string Line(JsonElement item, params string[] fields) =>
        string.Join("  ", fields.Select(field => item.Text(field)).OfType<string>());

    private Task<IReadOnlyList<JsonElement>> ListAsync(
        string name, IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken ct)
    {
        var command = new ApiCommand(name, "", false, [new("pagesize", "", "integer", false, null)], []);
        return new ListCall(session.Cloud, command).AllAsync(parameters, ct);
    }
}
