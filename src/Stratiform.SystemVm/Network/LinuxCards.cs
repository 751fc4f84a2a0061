using System.Text.Json.Nodes;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Network;

/// <summary>Cards by iproute2: one look and, where something differs, one change of all of it.</summary>
internal sealed class LinuxCards : INetworkCards
{
    private const string ResolvConf = "/etc/resolv.conf";
    private const string HostName = "/proc/sys/kernel/hostname";
    private readonly Ip _ip = new();

    private readonly string _batch = Path.Combine(Path.GetTempPath(), "cards");

    /// <inheritdoc/>
    public async Task EnsureAsync(IReadOnlyList<WorkerNic> nics, IReadOnlyList<string> resolvers, CancellationToken ct)
    {
        // Of all families: with one, cards without an address are not shown.
        var cards = JsonNode.Parse(await _ip.RunAsync(["-json", "address", "show"], ct))!.AsArray();
        var routes = JsonNode.Parse(await _ip.RunAsync(["-json", "-4", "route", "show", "default"], ct))!.AsArray();
        var changes = CardPlan.Changes(nics, CardPlan.Cards(cards), CardPlan.Route(routes));
        if (changes.Count > 0)
        {
            await File.WriteAllLinesAsync(_batch, changes, ct);
            await _ip.RunAsync(["-batch", _batch], ct);
        }
        // NFS servers tell clients apart by their names, and take two of one name for one that booted anew.
        if (nics.Count > 0) await File.WriteAllTextAsync(HostName, "worker-" + nics[0].Mac.Replace(':', '-'), ct);
        var wanted = string.Concat(resolvers.Select(resolver => $"nameserver {resolver}\n"));
        if (!File.Exists(ResolvConf) || await File.ReadAllTextAsync(ResolvConf, ct) != wanted) await File.WriteAllTextAsync(ResolvConf, wanted, ct);
    }
}
