using System.Text.Json.Nodes;

namespace Stratiform.Linux;

/// <summary>Network devices of one network namespace, through iproute2.</summary>
/// <param name="namespaceOf">A process whose network namespace is meant; null for our own.</param>
public sealed class Ip(int? namespaceOf = null)
{
    /// <summary>All devices, as <c>ip -json -details link show</c> tells them.</summary>
    public async Task<IReadOnlyList<IpLink>> LinksAsync(CancellationToken ct)
    {
        var answer = JsonNode.Parse(await RunAsync(["-json", "-details", "link", "show"], ct))!.AsArray();
        return [.. answer.Where(link => link?["ifname"] is not null).Select(link => IpLink.Of(link!))];
    }

    /// <summary>What has passed each device, as <c>ip -json -statistics link show</c> tells it.</summary>
    public async Task<IReadOnlyList<IpTraffic>> TrafficAsync(CancellationToken ct)
    {
        var answer = JsonNode.Parse(await RunAsync(["-json", "-statistics", "link", "show"], ct))!.AsArray();
        return [.. answer.Where(link => link?["stats64"] is not null).Select(link => IpTraffic.Of(link!))];
    }

    /// <summary>Runs one <c>ip</c> command.</summary>
    /// <exception cref="ShellException">It failed; the message has its words.</exception>
    public Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken ct) => namespaceOf is { } pid
        ? Shell.RunAsync("nsenter", ["--target", $"{pid}", "--net", "ip", .. arguments], ct: ct)
        : Shell.RunAsync("ip", arguments, ct: ct);
}

/// <summary>A network device.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">bridge, vxlan, veth …; empty for hardware.</param>
/// <param name="Mtu">MTU, bytes.</param>
/// <param name="Alias">What somebody noted on it; empty for nothing.</param>
/// <param name="Bridge">The bridge it is plugged into; empty for none.</param>
/// <param name="Vni">The VXLAN network identifier of a vxlan device.</param>
public sealed record IpLink(string Name, string Kind, int Mtu, string Alias, string Bridge, int? Vni)
{
    internal static IpLink Of(JsonNode link) => new(
        (string)link["ifname"]!, (string?)link["linkinfo"]?["info_kind"] ?? "", (int)link["mtu"]!,
        (string?)link["ifalias"] ?? "", (string?)link["master"] ?? "",
        (string?)link["linkinfo"]?["info_kind"] == "vxlan" ? (int?)link["linkinfo"]?["info_data"]?["id"] : null);
}

/// <summary>What has passed a network device since it is there.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">Its number, which another device of this name would not have.</param>
/// <param name="ReceivedBytes">What it received.</param>
/// <param name="SentBytes">What it sent.</param>
public sealed record IpTraffic(string Name, int Number, long ReceivedBytes, long SentBytes)
{
    internal static IpTraffic Of(JsonNode link) => new(
        (string)link["ifname"]!, (int)link["ifindex"]!, (long)link["stats64"]!["rx"]!["bytes"]!, (long)link["stats64"]!["tx"]!["bytes"]!);
}
