using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Workflows;

namespace Stratiform.Management.Images;

/// <summary>Enters new images: they are counted, and read once before anybody needs them.</summary>
internal sealed class ImageRegistration(CloudDb db, WorkflowQueue queue, Limits limits, CommandCommit commit)
{
    public void Add(Template image, Caller caller)
    {
        Count(image);
        queue.Enqueue(CheckTemplate.For(image), caller.Asks);
    }

    /// <summary>Enters an image that is still to be uploaded.</summary>
    public void AddAwaited(Template image, Order<ReceiveTemplate> upload, Caller caller)
    {
        image.AwaitUpload();
        Count(image);
        queue.Enqueue(upload, caller.Asks);
    }

    /// <summary>Enters an image that somebody else brings.</summary>
    public void Count(Template image)
    {
        db.Add(image);
        commit.Add((into, ct) => limits.TakeAsync(into, image.AccountId, image.Id.Value, ResourceKind.Template, 1, ct));
    }

    /// <summary>Refuses a URL that hosts must not follow for the caller.</summary>
    public static string RequireUrl(string url, Caller caller)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)) throw Refusal.Parameter($"url {url} is not a URL.");
        return address.Scheme switch
        {
            "http" or "https" => url,
            // A file lies on the hosts: who could name one could read all of them.
            "file" when caller.IsRootAdmin && address.Host.Length == 0 => url,
            _ => throw Refusal.Parameter($"url {url} cannot be used; images come from http or https."),
        };
    }
}
