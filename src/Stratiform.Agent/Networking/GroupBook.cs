using System.Text.Json;
using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Networking;

/// <summary>
/// Brings security groups into force, and notes for this boot which cards are in them: rules outlive the agent, but not the host, and a card
/// whose rules are not there is not plugged in.
/// </summary>
internal sealed class GroupBook(Ip ip, Nft nft, string stateFolder, string bootId)
{
    private readonly string _notes = Path.Combine(stateFolder, "groups.json");

    /// <summary>The rules are in force.</summary>
    public async Task EnsureAsync(EnsureGroups groups, Func<GroupedNetwork, string> bridgeOf, CancellationToken ct)
    {
        if (groups.Cards.Count > 0) await RequireConnectionsAsync(ct);
        await nft.ApplyTextAsync(GroupFilter.Render(groups, bridgeOf), ct);
        var notes = new Notes(bootId, [.. groups.Cards.Select(card => card.NicId)]);
        DurableFile.Write(_notes, JsonSerializer.Serialize(notes, ProtocolJson.Options));
    }

    /// <summary>The card's rules are in force, and frames of its bridge are shown to what follows connections.</summary>
    /// <exception cref="HostException">The host was not told of the card.</exception>
    public async Task RequireAsync(NicSpec nic, string bridge, CancellationToken ct)
    {
        var known = File.Exists(_notes) ? JsonSerializer.Deserialize<Notes>(File.ReadAllText(_notes), ProtocolJson.Options) : null;
        if (known?.BootId != bootId || !known.Cards.Contains(nic.Id))
            throw new HostException(HostErrorCode.Failed, $"The host has not been told of the security groups of the card {nic.Id}.");
        await ip.RunAsync(["link", "set", "dev", bridge, "type", "bridge", "nf_call_iptables", "1"], ct);
    }

    // The module that shows bridged frames to what follows connections; hosts load it when it is first needed.
    private static async Task RequireConnectionsAsync(CancellationToken ct)
    {
        if (Directory.Exists("/proc/sys/net/bridge")) return;
        var load = await Shell.TryRunAsync("modprobe", ["br_netfilter"], ct: ct);
        if (load.ExitCode != 0)
            throw new HostException(HostErrorCode.Failed, $"The host's kernel cannot follow connections of bridged packets (br_netfilter): {load.Errors.Trim()}");
    }

    private sealed record Notes(string BootId, IReadOnlyList<Guid> Cards);
}
