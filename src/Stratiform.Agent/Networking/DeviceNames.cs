using System.Security.Cryptography;
using System.Text;

namespace Stratiform.Agent.Networking;

/// <summary>Names of network devices, at most 15 characters: derived from ids, so that they are found again without a table.</summary>
internal static class DeviceNames
{
    public static string Bridge(Guid networkId) => "sfb-" + Short(networkId);

    public static string Vxlan(Guid networkId) => "sfx-" + Short(networkId);

    public static string Tap(Guid nicId) => "sft-" + Short(nicId);

    // Version-7 ids of one moment begin alike: their hash does not.
    private static string Short(Guid id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{id}")))[..10];
}
