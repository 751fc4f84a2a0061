using System.ComponentModel;
using Microsoft.EntityFrameworkCore;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Infrastructure;
using Stratiform.Management.Storage.Workflows;
using Stratiform.Protocol;
using Stratiform.Workflows;

namespace Stratiform.Management.Storage.Commands;

/// <summary>Adds a host: its agent is asked what it is, and gets the pools of its cluster.</summary>
[Command("Adds a host to a cluster")]
internal sealed record AddHost : ICommand<ShownAfter<HostWire>>
{
    [Description("Where its agent listens: https://host:port, unix:/path, or http://sim/number in the simulator")]
    public required string Url { get; init; }

    [Description("For https: the join token that Stratiform.Agent join prints on the host; an agent of this cloud needs none")]
    public string? Password { get; init; }

    [Description("Its zone")]
    public required Id<Zone> ZoneId { get; init; }

    [Description("Its pod")]
    public required Id<Pod> PodId { get; init; }

    [Description("Its cluster; or give clustername")]
    public Id<Cluster>? ClusterId { get; init; }

    [Description("Its cluster's name, within the pod")]
    public string? ClusterName { get; init; }

    [Description("What runs guests there: the cluster's hypervisor")]
    public required Hypervisor Hypervisor { get; init; }

    [Description("Enabled unless said")]
    public AllocationState? AllocationState { get; init; }

    [Description("Tags, comma separated: offerings may ask for them")]
    public IReadOnlyList<string>? HostTags { get; init; }
}

internal sealed class AddHostHandler(CloudDb db, WorkflowQueue queue, Secrets secrets, TimeProvider clock) : IHandle<AddHost, ShownAfter<HostWire>>
{
    public async Task<ShownAfter<HostWire>> HandleAsync(AddHost command, Caller caller, CancellationToken ct)
    {
        await db.FindAsync(caller, command.ZoneId, ct);
        var pod = await db.FindAsync(caller, command.PodId, ct);
        var cluster = await ClusterAsync(command, pod, caller, ct);
        if (cluster.ZoneId != command.ZoneId || cluster.PodId != pod.Id)
            throw Refusal.Parameter($"The cluster {cluster.Name} is not in that zone and pod.");
        if (cluster.Hypervisor != command.Hypervisor)
            throw Refusal.Parameter($"The cluster {cluster.Name} is of {cluster.Hypervisor}; hosts of {command.Hypervisor} need a cluster of their own.");
        var address = AddressOf(command.Url);
        var token = address.Scheme == "https" ? TokenOf(command.Password) : null;
        if (await db.Set<Host>().AnyAsync(h => h.Address == address, ct))
            throw Refusal.Parameter($"A host with the address {address} is in the cloud already.");
        var host = new Host(address, cluster, clock.GetUtcNow())
        {
            AllocationState = command.AllocationState ?? AllocationState.Enabled,
            Tags = [.. command.HostTags ?? []],
        };
        db.Add(host);
        return new(queue.Enqueue(ConnectHost.For(host, isNew: true, token), caller.Asks).Id, host.Id.Value, AsList: true);
    }

    private static Uri AddressOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address)
        ? address switch
        {
            { Scheme: "unix" } or { Scheme: "http", Host: "sim" } => address,
            {
                Scheme: "https", UserInfo: "", PathAndQuery: "/", Fragment: "",
                HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6,
            } => new Uri(address.GetLeftPart(UriPartial.Authority)),
            { Scheme: "https" } =>
                throw Refusal.Parameter("url is not an agent's address: https://host:port has nothing else. The join token is the password."),
            _ => throw NoAgent(url),
        }
        : throw NoAgent(url);

    private static CloudException NoAgent(string url) =>
        Refusal.Parameter($"url {url} is not an agent's address such as https://host:8250 or unix:/run/agent.sock.");

    // What was sent is a secret even where it is no token.
    private byte[]? TokenOf(string? password)
    {
        if (string.IsNullOrWhiteSpace(password)) return null;
        var token = JoinToken.TryParse(password)
            ?? throw Refusal.Parameter("password is not a join token. Stratiform.Agent join --config FILE prints it on the host.");
        return secrets.Wrap(token.Reveal());
    }

    private async Task<Cluster> ClusterAsync(AddHost command, Pod pod, Caller caller, CancellationToken ct)
    {
        if (command.ClusterId is { } id) return await db.FindAsync(caller, id, ct, nameof(command.ClusterId));
        if (command.ClusterName is not { } name) throw Refusal.Missing(caller.Command, "clusterid");
        return await db.Set<Cluster>().SingleOrDefaultAsync(c => c.PodId == pod.Id && c.Name == name, ct)
            ?? throw Refusal.Parameter($"The pod {pod.Name} has no cluster named {name}.");
    }
}
