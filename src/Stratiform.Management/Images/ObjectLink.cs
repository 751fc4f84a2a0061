using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>
/// Links to objects of a bucket that let whoever has them read one for a while. Nobody is asked for them: the keys sign, as "AWS Signature
/// Version 4, authenticating requests: using query parameters" says, and stay here.
/// </summary>
internal static class ObjectLink
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The link to an object.</summary>
    /// <param name="bucket">Where it is, and the keys.</param>
    /// <param name="key">The object's name.</param>
    /// <param name="now">When it is signed.</param>
    /// <param name="validity">How long it is good, a week at most.</param>
    public static Uri Sign(StoreAddress bucket, string key, DateTimeOffset now, TimeSpan validity) =>
        Sign(new Uri($"{bucket.Url}/{key}"), bucket.AccessKey, bucket.SecretKey, now, validity);

    internal static Uri Sign(Uri target, string accessKey, string secretKey, DateTimeOffset now, TimeSpan validity)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string[] scope = [time[..8], RegionOf(target.Host), "s3", "aws4_request"];
        (string Name, string Value)[] fields =
        [
            ("X-Amz-Algorithm", Algorithm),
            ("X-Amz-Credential", $"{accessKey}/{string.Join('/', scope)}"),
            ("X-Amz-Date", time),
            ("X-Amz-Expires", validity.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
            ("X-Amz-SignedHeaders", "host"),
        ];
        var query = string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}"));
        var request = $"GET\n{target.AbsolutePath}\n{query}\nhost:{target.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        var text = $"{Algorithm}\n{time}\n{string.Join('/', scope)}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = scope.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secretKey), Hmac);
        return new Uri($"{target.GetLeftPart(UriPartial.Path)}?{query}&X-Amz-Signature={Convert.ToHexStringLower(Hmac(key, text))}");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    // Amazon's own servers have it in their names (s3.eu-west-1.amazonaws.com); others have none, and take this one.
    private static string RegionOf(string host) =>
        host.EndsWith(".amazonaws.com", StringComparison.Ordinal) && host.Split('.') is [.., "s3", var region, "amazonaws", "com"] ? region : "us-east-1";
}
