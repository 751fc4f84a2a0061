using System.Xml.Linq;
using Stratiform.Agent.Networking;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>A network card of a domain, in libvirt's words; by the name of its tap it is found again.</summary>
internal static class Card
{
    /// <summary>The card as libvirt wants it.</summary>
    public static XElement Write(NicSpec nic, Plug plug) => new("interface",
        new XAttribute("type", "bridge"),
        new XElement("mac", new XAttribute("address", nic.Mac)),
        new XElement("source", new XAttribute("bridge", plug.Bridge)),
        new XElement("target", new XAttribute("dev", DeviceNames.Tap(nic.Id))),
        new XElement("model", new XAttribute("type", "virtio")),
        new XElement("mtu", new XAttribute("size", nic.Mtu)));

    /// <summary>The card of a domain, as libvirt describes it; null when it has none such.</summary>
    public static XElement? Find(string domainXml, Guid nicId) => XElement.Parse(domainXml).Descendants("interface")
        .FirstOrDefault(card => (string?)card.Element("target")?.Attribute("dev") == DeviceNames.Tap(nicId));
}
