using System.Text.Json.Nodes;
using System.Xml.Linq;
using Stratiform.Protocol;

namespace Stratiform.Agent.Compute;

/// <summary>The drive for discs that every guest has, also while nothing is in it: discs can then be changed while the guest runs.</summary>
internal static class Drive
{
    private const string Device = "hdc";

    /// <summary>The drive as libvirt wants it.</summary>
    public static XElement Write(Disc? disc) => new("disk",
        new XAttribute("type", "file"), new XAttribute("device", "cdrom"),
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", "raw")),
        disc is null ? null : new XElement("source", new XAttribute("file", disc.Path)),
        new XElement("target", new XAttribute("dev", Device), new XAttribute("bus", "ide")),
        new XElement("readonly"));

    /// <summary>Whether the drive of a domain, as libvirt describes it, holds the disc and is closed.</summary>
    public static bool Holds(string domainXml, Disc? disc)
    {
        var drive = Find(domainXml);
        return drive is not null && (string?)drive.Element("source")?.Attribute("file") == disc?.Path
            && (disc is null || (string?)drive.Element("target")!.Attribute("tray") != "open");
    }

    /// <summary>What QEMU's monitor is told to open the drive of a domain, as libvirt describes it.</summary>
    public static string OpenCommand(string domainXml) => new JsonObject
    {
        ["execute"] = "blockdev-open-tray",
        ["arguments"] = new JsonObject { ["id"] = (string?)Find(domainXml)?.Element("alias")?.Attribute("name") },
    }.ToJsonString();

    public static HostException IsMissing(DomainSpec spec) => new(HostErrorCode.Unsupported, $"{spec.Name} has no drive for discs.");

    public static HostException IsShut(DomainSpec spec) =>
        new(HostErrorCode.Failed, $"The guest {spec.Name} keeps its drive shut; unmount the disc inside, or say forced.");

    private static XElement? Find(string domainXml) =>
        XElement.Parse(domainXml).Descendants("disk").FirstOrDefault(disk => (string?)disk.Element("target")?.Attribute("dev") == Device);
}
