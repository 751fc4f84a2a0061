using System.ComponentModel;
using System.Text.Json.Serialization;
using Stratiform.Management.Api;

namespace Stratiform.Management.Images;

/// <summary>Where and how to send an image: a POST of the file to the URL, with the three headers.</summary>
[WireName("getuploadparams")]
public sealed record UploadParamsWire
{
    [Description("The image's id")]
    public required Guid Id { get; init; }

    [Description("Where the file is posted, as it is or as a form")]
    [JsonPropertyName("postURL")]
    public required Uri PostUrl { get; init; }

    [Description("Value of the header X-metadata")]
    public required string Metadata { get; init; }

    [Description("Value of the header X-expires: until when sending may begin")]
    public required string Expires { get; init; }

    [Description("Value of the header X-signature: whoever has it may send")]
    public required string Signature { get; init; }
}
