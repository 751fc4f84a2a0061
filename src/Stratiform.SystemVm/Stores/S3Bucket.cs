using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>What a store needs of a bucket. Whatever goes wrong is a <see cref="HostException"/> that names the store.</summary>
internal sealed class S3Bucket : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly Guid _store;
    private readonly string _bucket;
    private readonly AmazonS3Client _client;

    /// <param name="store">Whose it is.</param>
    /// <param name="place">Where it is.</param>
    /// <param name="http">Another way to the server than by its network; null for that.</param>
    public S3Bucket(Guid store, S3Place place, HttpClientFactory? http = null)
    {
        (_store, _bucket) = (store, place.Bucket);
        _client = new AmazonS3Client(new BasicAWSCredentials(place.AccessKey, place.SecretKey), new AmazonS3Config
        {
            ServiceURL = place.Server.AbsoluteUri,
            ForcePathStyle = true,
            MaxErrorRetry = 2,
            Timeout = Limit,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            HttpClientFactory = http,
            // Servers of others than Amazon do not know its newer checksums; images have their own.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });
    }

    /// <summary>Size and entity tag of an object; null when there is none.</summary>
    public Task<S3Head?> FindAsync(string key, CancellationToken ct) => FindAsync(async () =>
    {
        var head = await _client.GetObjectMetadataAsync(_bucket, key, ct);
        return new S3Head(key, head.ContentLength, head.ETag);
    }, ct);

    /// <summary>A short text; null when there is none.</summary>
    public Task<string?> ReadAsync(string key, CancellationToken ct) => FindAsync(async () =>
    {
        using var answer = await _client.GetObjectAsync(_bucket, key, ct);
        using var text = new StreamReader(answer.ResponseStream);
        return await text.ReadToEndAsync(ct);
    }, ct);

    /// <summary>The object's bytes from an offset on; of another object than the one that was found, nothing.</summary>
    public Task<GetObjectResponse> OpenAsync(S3Head found, long from, CancellationToken ct) => AskAsync(() => _client.GetObjectAsync(new GetObjectRequest
    {
        BucketName = _bucket,
        Key = found.Key,
        EtagToMatch = found.Tag,
        ByteRange = new ByteRange(string.Create(CultureInfo.InvariantCulture, $"bytes={from}-")),
    }, ct), ct);

    /// <summary>Writes a short text.</summary>
    public Task WriteAsync(string key, string text, CancellationToken ct) => AskAsync(() => _client.PutObjectAsync(new PutObjectRequest
    {
        BucketName = _bucket,
        Key = key,
        ContentBody = text,
        UseChunkEncoding = false,
    }, ct), ct);

    /// <summary>There is no such object any more.</summary>
    public Task DeleteAsync(string key, CancellationToken ct) => AskAsync(() => _client.DeleteObjectAsync(_bucket, key, ct), ct);

    /// <summary>All objects whose names begin so.</summary>
    public Task<List<S3Object>> ListAsync(string prefix, CancellationToken ct) => AskAsync(async () =>
    {
        var all = new List<S3Object>();
        var ask = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix };
        for (var more = true; more;)
        {
            var page = await _client.ListObjectsV2Async(ask, ct);
            all.AddRange(page.S3Objects ?? []);
            more = page.IsTruncated == true;
            ask.ContinuationToken = page.NextContinuationToken;
        }
        return all;
    }, ct);

    /// <summary>All uploads under way, or left, to objects whose names begin so.</summary>
    public Task<List<MultipartUpload>> UploadsAsync(string prefix, CancellationToken ct) => AskAsync(async () =>
    {
        var all = new List<MultipartUpload>();
        var ask = new ListMultipartUploadsRequest { BucketName = _bucket, Prefix = prefix };
        for (var more = true; more;)
        {
            var page = await _client.ListMultipartUploadsAsync(ask, ct);
            all.AddRange(page.MultipartUploads ?? []);
            more = page.IsTruncated == true;
            (ask.KeyMarker, ask.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
        }
        return all;
    }, ct);

    /// <summary>What the parts of an upload take, and when the last one came; null when it has just ended.</summary>
    public Task<S3Parts?> PartsAsync(MultipartUpload upload, CancellationToken ct) => FindAsync(async () =>
    {
        var (bytes, last, ask) = (0L, upload.Initiated, new ListPartsRequest { BucketName = _bucket, Key = upload.Key, UploadId = upload.UploadId });
        for (var more = true; more;)
        {
            var page = await _client.ListPartsAsync(ask, ct);
            foreach (var part in page.Parts ?? [])
            {
                bytes += part.Size ?? 0;
                if (last is null || part.LastModified > last) last = part.LastModified;
            }
            more = page.IsTruncated == true;
            ask.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
        }
        return new S3Parts(bytes, last);
    }, ct);

    /// <summary>Begins an upload, whose object appears when it is completed.</summary>
    public Task<string> BeginAsync(string key, CancellationToken ct) =>
        AskAsync(async () => (await _client.InitiateMultipartUploadAsync(_bucket, key, ct)).UploadId, ct);

    /// <summary>Sends one part.</summary>
    /// <returns>Its entity tag.</returns>
    public Task<string> SendAsync(string key, string upload, int number, ArraySegment<byte> part, CancellationToken ct) => AskAsync(async () =>
    {
        using var content = new MemoryStream(part.Array!, part.Offset, part.Count, writable: false);
        return (await _client.UploadPartAsync(new UploadPartRequest
        {
            BucketName = _bucket,
            Key = key,
            UploadId = upload,
            PartNumber = number,
            PartSize = part.Count,
            InputStream = content,
            UseChunkEncoding = false,
        }, ct)).ETag;
    }, ct);

    /// <summary>The object appears.</summary>
    public Task CompleteAsync(string key, string upload, IEnumerable<string> tags, CancellationToken ct) =>
        AskAsync(() => _client.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = _bucket,
            Key = key,
            UploadId = upload,
            PartETags = [.. tags.Select((tag, at) => new PartETag(at + 1, tag))],
        }, ct), ct);

    /// <summary>The upload is gone, with its parts.</summary>
    public Task AbortAsync(string key, string upload, CancellationToken ct) => FindAsync(() => _client.AbortMultipartUploadAsync(_bucket, key, upload, ct), ct);

    public void Dispose() => _client.Dispose();

    private async Task<T?> FindAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception missing) when (S3Errors.IsMissing(missing))
        {
            return default;
        }
        catch (Exception broken) when (IsOfTheStore(broken, ct))
        {
            throw S3Errors.Explain(_store, broken, ct);
        }
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken ct)
    {
        try
        {
            return await ask();
        }
        catch (Exception broken) when (IsOfTheStore(broken, ct))
        {
            throw S3Errors.Explain(_store, broken, ct);
        }
    }

    private static bool IsOfTheStore(Exception broken, CancellationToken ct) => broken is AmazonServiceException || S3Errors.IsPassing(broken, ct);
}

/// <summary>An object as it was found.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Tag">Its entity tag.</param>
internal sealed record S3Head(string Key, long Bytes, string Tag);

/// <summary>What has come of an upload that is not complete.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="ChangedAt">When something of it came last.</param>
internal sealed record S3Parts(long Bytes, DateTime? ChangedAt);
