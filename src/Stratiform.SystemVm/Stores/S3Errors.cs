using System.Net;
using Amazon.Runtime;
using Stratiform.Protocol;

namespace Stratiform.SystemVm.Stores;

/// <summary>What the exceptions of the S3 client say about the store.</summary>
internal static class S3Errors
{
    /// <summary>Whether it may go by itself: the server is away, or has too much to do.</summary>
    /// <param name="broken">What was thrown.</param>
    /// <param name="ct">Who asked; what he gave up himself does not go by.</param>
    public static bool IsPassing(Exception broken, CancellationToken ct) => broken switch
    {
        OperationCanceledException => !ct.IsCancellationRequested,
        AmazonServiceException refusal => IsPassing(refusal.StatusCode),
        AmazonClientException or HttpRequestException or IOException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Whether it says that there is nothing.</summary>
    public static bool IsMissing(Exception broken) =>
        broken is AmazonServiceException { StatusCode: HttpStatusCode.NotFound } missing && missing.ErrorCode != "NoSuchBucket";

    /// <summary>As who asked for the store is told.</summary>
    public static HostException Explain(Guid store, Exception broken, CancellationToken ct) => broken switch
    {
        _ when IsPassing(broken, ct) => new(HostErrorCode.Busy, $"The store {store} cannot be used: {Reason(broken)}."),
        AmazonServiceException { ErrorCode: "QuotaExceeded" or "InsufficientCapacity" or "EntityTooLarge" } full =>
            new(HostErrorCode.NoSpace, $"The store {store} is full: {full.ErrorCode}."),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refusal =>
            new(HostErrorCode.Failed, $"The store {store} refuses the keys that it is used with: {refusal.ErrorCode}."),
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => new(HostErrorCode.Failed, $"The store {store} is in a bucket that does not exist."),
        _ => new(HostErrorCode.Failed, $"The store {store} cannot be used: {Reason(broken)}."),
    };

    private static bool IsPassing(HttpStatusCode status) =>
        status is 0 or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private static string Reason(Exception broken) => broken switch
    {
        AmazonServiceException { StatusCode: not 0 } refusal => $"it answered {(int)refusal.StatusCode}" + (refusal.ErrorCode is { Length: > 0 } code ? $" ({code})" : ""),
        OperationCanceledException => "it does not answer",
        _ => broken.GetBaseException().Message.TrimEnd('.', ' '),
    };
}
