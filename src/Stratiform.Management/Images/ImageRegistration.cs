using Stratiform.Management.Accounts;
using Stratiform.Management.Api;
using Stratiform.Management.Database;
using Stratiform.Management.Images.Workflows;
using Stratiform.Management.Storage;
using Stratiform.Protocol;
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

    /// <summary>Enters a copy of an image of another zone.</summary>
    public WorkflowRow AddCopy(Template copy, Id<Template> from, Caller caller)
    {
        Count(copy);
        return queue.Enqueue(CopyTemplate.For(copy.Id, from), caller.Asks);
    }

    /// <summary>Enters a volume whose content comes into an image store.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="image">Its content there.</param>
    /// <param name="upload">How its owner sends it; null when a worker brings it from the image's URL.</param>
    /// <param name="caller">Who asks.</param>
    /// <returns>The job.</returns>
    public WorkflowRow Add(Volume volume, Template image, ReceiveTemplate.Memory? upload, Caller caller)
    {
        volume.AwaitUpload();
        if (upload is not null) image.AwaitUpload();
        db.Add(volume);
        db.Add(image);
        commit.Add((into, ct) => limits.TakeAsync(into, volume.AccountId, volume.Id.Value, ResourceKind.Volume, 1, ct));
        return queue.Enqueue(UploadVolume.For(volume, image, upload), caller.Asks);
    }

    /// <summary>The format of a parameter, for a disk.</summary>
    public static ImageFormat RequireDiskFormat(string name) =>
        Enum.TryParse<ImageFormat>(name, ignoreCase: true, out var format) && !char.IsAsciiDigit(name[0]) && format != ImageFormat.Iso
            ? format
            : throw Refusal.Parameter(
                $"format {name} is none of QCOW2, RAW, VMDK, VHD, VHDX, OVA; convert the image to QCOW2 (qemu-img convert).");

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
