using System.Net;
using System.Text;
using Amazon.Runtime;
using Stratiform.Protocol;
using Stratiform.SystemVm.Stores;
using Stratiform.Transfers;
using Stratiform.Transfers.Images;

namespace Stratiform.SystemVm.Tests.Buckets;

/// <summary>What a worker makes of an S3 server that has its moods: each answer here is the server's, in order, the last one for ever.</summary>
public sealed class S3BucketTests
{
    private const string Begun = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>";
    private static readonly Guid Store = Guid.CreateVersion7();
    private static readonly S3Place Place = new(new Uri("http://s3.example"), "images", "access", "the-secret-key");

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_server_that_fails_first_is_asked_again(HttpStatusCode mood)
    {
        var server = new Moody((mood, ""), (mood, ""), (HttpStatusCode.OK, "text"));
        (await Bucket(server).ReadAsync("key", CancellationToken.None)).ShouldBe("text");
        server.Asked.Count.ShouldBe(3);
    }

    [Fact]
    public async Task One_that_goes_on_failing_is_busy()
    {
        var refusal = await Should.ThrowAsync<HostException>(() =>
            Bucket(new Moody((HttpStatusCode.ServiceUnavailable, ""))).ListAsync("images/", CancellationToken.None));
        refusal.Code.ShouldBe(HostErrorCode.Busy);
        refusal.Message.ShouldContain("it answered 503");
    }

    [Fact]
    public async Task Wrong_keys_are_told_at_once_and_are_not_shown()
    {
        var server = new Moody((HttpStatusCode.Forbidden, "<Error><Code>InvalidAccessKeyId</Code></Error>"));
        var refusal = await Should.ThrowAsync<HostException>(() => Bucket(server).ReadAsync("key", CancellationToken.None));
        (refusal.Code, server.Asked.Count).ShouldBe((HostErrorCode.Failed, 1));
        refusal.Message.ShouldContain("refuses the keys that it is used with: InvalidAccessKeyId");
        Place.ToString().ShouldBe("http://s3.example/images");
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, "NoSuchBucket", HostErrorCode.Failed)]
    [InlineData(HttpStatusCode.Forbidden, "QuotaExceeded", HostErrorCode.NoSpace)]
    public async Task What_another_attempt_would_not_change_is_told_as_it_is(HttpStatusCode status, string code, HostErrorCode told) =>
        (await Should.ThrowAsync<HostException>(() => Bucket(new Moody((status, $"<Error><Code>{code}</Code></Error>"))).ListAsync("", CancellationToken.None)))
            .Code.ShouldBe(told);

    [Fact]
    public async Task A_part_is_sent_again_for_minutes_and_then_goes_where_it_belongs()
    {
        // The client itself asks three times.
        var away = Enumerable.Repeat((HttpStatusCode.ServiceUnavailable, ""), 7);
        var server = new Moody([(HttpStatusCode.OK, Begun), .. away, (HttpStatusCode.OK, "")]);
        using var upload = Upload(server);
        await SendAsync(upload, Disks.Qcow2(9 << 20));
        upload.IsFull.ShouldBeTrue();
        await upload.MakeRoomAsync(CancellationToken.None);
        upload.LengthBytes.ShouldBe(9 << 20);
        server.Asked.Count.ShouldBe(9);
        server.Asked[^1].ShouldBe("PUT /images/images/one?partNumber=1&uploadId=u1");
    }

    [Fact]
    public async Task A_transfer_to_a_server_that_stays_away_ends_with_the_cause()
    {
        using var upload = Upload(new Moody((HttpStatusCode.ServiceUnavailable, "")));
        await SendAsync(upload, Disks.Qcow2(9 << 20));
        (await Should.ThrowAsync<HostException>(() => upload.MakeRoomAsync(CancellationToken.None))).Code.ShouldBe(HostErrorCode.Busy);
    }

    [Fact]
    public async Task An_image_is_looked_at_before_anything_of_it_is_sent()
    {
        var server = new Moody((HttpStatusCode.OK, Begun));
        using var upload = Upload(server);
        await Should.ThrowAsync<InvalidDataException>(() => SendAsync(upload, Disks.WithBackingFile()));
        server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_worker_left_of_an_upload_is_listed_by_its_last_part_and_goes_with_its_image()
    {
        var image = Guid.CreateVersion7();
        var nothing = (HttpStatusCode.OK, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
        var uploads = (HttpStatusCode.OK,
            "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>"
            + $"<Upload><Key>images/{image}</Key><UploadId>u1</UploadId><Initiated>2026-01-02T03:00:00.000Z</Initiated></Upload>"
            + "<Upload><Key>images/notes</Key><UploadId>u2</UploadId><Initiated>2026-01-02T03:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>");
        var parts = (HttpStatusCode.OK,
            "<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber><LastModified>2026-01-02T04:00:00.000Z</LastModified>"
            + "<ETag>a</ETag><Size>700</Size></Part></ListPartsResult>");
        var left = (await Shelf(new Moody(nothing, uploads, parts)).ReadAsync(CancellationToken.None)).Objects.ShouldHaveSingleItem();
        left.ShouldBe(new StoreObject(image, Whole: false, 700, new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero)));

        var server = new Moody(uploads, (HttpStatusCode.NoContent, ""));
        await Shelf(server).RemoveAsync(image, CancellationToken.None);
        server.Asked.ShouldContain($"DELETE /images/images/{image}?uploadId=u1");
    }

    private static S3Store Shelf(Moody server) => new(Store, Bucket(server), new SemaphoreSlim(1), new Scratch(new ScratchDisk("/none")), TimeProvider.System);

    private static S3Bucket Bucket(Moody server) => new(Store, Place, server);

    private static S3Upload Upload(Moody server) => new(Bucket(server), "images/one", new ImageOrder
    {
        Source = new Uri("http://images.example/one"),
        Part = "",
        Checksum = "",
        Format = ImageFormat.Qcow2,
        MaxBytes = 1L << 40,
        MaxVirtualSizeBytes = 1L << 40,
    }, new Hurried());

    private static async Task SendAsync(S3Upload upload, byte[] content)
    {
        await using var to = upload.Open(new Origin(content.Length, null), 0);
        foreach (var chunk in content.Chunk(256 << 10)) await to.WriteAsync(chunk);
    }

    /// <summary>A server's answers.</summary>
    private sealed class Moody(params (HttpStatusCode Status, string Body)[] answers) : HttpClientFactory
    {
        public List<string> Asked { get; } = [];

        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
#pragma warning disable RS0030 // It answers by itself.
            return new HttpClient(new Handler(this));
#pragma warning restore RS0030
        }

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(Moody server) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
                Task.FromResult(server.Answer(request));
        }

        private HttpResponseMessage Answer(HttpRequestMessage request)
        {
            Asked.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
            var (status, body) = answers[Math.Min(Asked.Count, answers.Length) - 1];
            var answer = new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, "application/xml") };
            answer.Headers.TryAddWithoutValidation("ETag", "\"tag-1\"");
            return answer;
        }
    }

    /// <summary>A clock on which every pause is over at once.</summary>
    private sealed class Hurried : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
