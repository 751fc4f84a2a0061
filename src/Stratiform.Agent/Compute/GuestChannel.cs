using System.Xml.Linq;

namespace Stratiform.Agent.Compute;

/// <summary>The channel to the agent inside a guest, as libvirt describes it.</summary>
internal static class GuestChannel
{
    /// <summary>Whether the agent inside listens.</summary>
    public static bool IsConnected(string domainXml) => XElement.Parse(domainXml).Descendants("channel").Elements("target")
        .Any(target => (string?)target.Attribute("name") == "org.qemu.guest_agent.0" && (string?)target.Attribute("state") == "connected");
}
