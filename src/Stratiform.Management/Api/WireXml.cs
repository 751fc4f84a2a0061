using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace Stratiform.Management.Api;

/// <summary>Writes an answer's tree as the field's XML: a list is its element repeated, nothing is wrapped.</summary>
internal static class WireXml
{
    public static byte[] Write(string envelope, JsonObject body, string? version)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new System.Text.UTF8Encoding(false) }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement(NameOf(envelope));
            if (version is not null) xml.WriteAttributeString("cloud-stack-version", version);
            WriteFields(xml, body);
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void WriteFields(XmlWriter xml, JsonObject fields)
    {
        foreach (var (name, value) in fields) WriteField(xml, name, value);
    }

    private static void WriteField(XmlWriter xml, string name, JsonNode? value)
    {
        switch (value)
        {
            case null:
                return;
            case JsonArray rows:
                foreach (var row in rows) WriteField(xml, name, row);
                return;
            case JsonObject fields:
                xml.WriteStartElement(NameOf(name));
                WriteFields(xml, fields);
                xml.WriteEndElement();
                return;
            default:
                xml.WriteElementString(NameOf(name), TextOf(value));
                return;
        }
    }

    /// <summary>Keys of a tenant's details need not be names of XML.</summary>
    private static string NameOf(string name) => XmlConvert.EncodeLocalName(name);

    private static string TextOf(JsonNode value)
    {
        var text = value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return string.Concat(text.Where((c, i) => XmlConvert.IsXmlChar(c) || IsHalfOfPair(text, i)));
    }

    private static bool IsHalfOfPair(string text, int i) =>
        (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) || (i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));
}
