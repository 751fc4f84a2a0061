using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Stratiform.Protocol;

namespace Stratiform.Management.Images;

/// <summary>Links to objects of a bucket that let whoever has them read one for a while. The keys sign them and stay here; nobody is asked.</summary>
internal static class ObjectLink
{
    /// <summary>The link to an object.</summary>
    /// <param name="bucket">Where it is, and the keys.</param>
    /// <param name="key">The object's name.</param>
    /// <param name="until">When it expires, in a week at most.</param>
    public static Uri Sign(StoreAddress bucket, string key, DateTimeOffset until)
    {
        var place = new Uri(bucket.Url);
        using var client = new AmazonS3Client(new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey), new AmazonS3Config
        {
            ServiceURL = place.GetLeftPart(UriPartial.Authority),
            ForcePathStyle = true,
        });
        return new Uri(client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = place.AbsolutePath.Trim('/'),
            Key = key,
            Expires = until.UtcDateTime,
            Protocol = place.Scheme == Uri.UriSchemeHttps ? Amazon.S3.Protocol.HTTPS : Amazon.S3.Protocol.HTTP,
        }));
    }
}
