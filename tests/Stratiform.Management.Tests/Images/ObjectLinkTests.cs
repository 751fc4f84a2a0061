using Stratiform.Management.Images;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Images;

/// <summary>Signed links to objects of buckets.</summary>
public sealed class ObjectLinkTests
{
    private const string Access = "AKIAIOSFODNN7EXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    [Theory]
    [InlineData("https://s3.eu-west-1.amazonaws.com/images", "eu-west-1")]
    [InlineData("https://s3.amazonaws.com/images", "us-east-1")]
    [InlineData("http://192.0.2.9:7480/images", "us-east-1")]
    public void A_link_leads_to_the_object_and_shows_no_secret(string bucket, string region)
    {
        var address = new StoreAddress { StoreId = default, Url = bucket, AccessKey = Access, SecretKey = Secret };
        var link = ObjectLink.Sign(address, "images/one", TimeProvider.System.GetUtcNow().AddHours(12)).AbsoluteUri;
        link.ShouldStartWith($"{bucket}/images/one?");
        link.ShouldContain("X-Amz-Algorithm=AWS4-HMAC-SHA256");
        link.ShouldMatch($"X-Amz-Credential={Access}%2F[0-9]{{8}}%2F{region}%2Fs3%2Faws4_request");
        link.ShouldMatch("X-Amz-Expires=(43199|43200)(&|$)");
        link.ShouldNotContain(Secret[..8]);
    }
}
