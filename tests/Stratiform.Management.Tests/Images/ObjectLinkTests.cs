using Stratiform.Management.Images;
using Stratiform.Protocol;

namespace Stratiform.Management.Tests.Images;

/// <summary>Signed links to objects of buckets.</summary>
public sealed class ObjectLinkTests
{
    private const string Access = "AKIAIOSFODNN7EXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    private static readonly DateTimeOffset Then = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    // The example of Amazon's own documentation.
    [Fact]
    public void A_link_is_signed_as_documented() =>
        ObjectLink.Sign(new Uri("https://examplebucket.s3.amazonaws.com/test.txt"), Access, Secret, Then, TimeSpan.FromDays(1)).AbsoluteUri.ShouldBe(
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400"
            + "&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");

    [Theory]
    [InlineData("https://s3.eu-west-1.amazonaws.com/images", "eu-west-1")]
    [InlineData("https://s3.amazonaws.com/images", "us-east-1")]
    [InlineData("http://192.0.2.9:7480/images", "us-east-1")]
    public void A_link_leads_to_the_object_and_shows_no_secret(string bucket, string region)
    {
        var address = new StoreAddress { StoreId = default, Url = bucket, AccessKey = Access, SecretKey = Secret };
        var link = ObjectLink.Sign(address, "images/one", Then, TimeSpan.FromHours(12)).AbsoluteUri;
        link.ShouldStartWith($"{bucket}/images/one?X-Amz-Algorithm=");
        link.ShouldContain($"%2F20130524%2F{region}%2Fs3%2F");
        link.ShouldContain("X-Amz-Expires=43200&");
        link.ShouldNotContain(Secret[..8]);
    }
}
