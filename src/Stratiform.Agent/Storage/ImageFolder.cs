using Stratiform.Linux;
using Stratiform.Protocol;

namespace Stratiform.Agent.Storage;

/// <summary>The files of a pool's images: qcow2 for those that volumes are clones of, ISOs as they came.</summary>
internal sealed class ImageFolder(string path)
{
    /// <summary>What the names of qcow2 images end with.</summary>
    public const string Qcow2 = ".qcow2";

    private const string Iso = ".iso";

    public string Path => path;

    /// <summary>Whole images.</summary>
    public IReadOnlyList<Guid> Whole => [.. Named(path, Qcow2).Concat(Named(path, Iso)).Order()];

    /// <summary>Where an image of the format lies, or will.</summary>
    public string PathOf(Guid id, ImageFormat format) => System.IO.Path.Combine(path, id + (format == ImageFormat.Iso ? Iso : Qcow2));

    /// <summary>Where it may lie while its format is not known.</summary>
    public IReadOnlyList<string> PathsOf(Guid id) => [PathOf(id, ImageFormat.Qcow2), PathOf(id, ImageFormat.Iso)];

    /// <summary>The image's file; null when there is no whole one.</summary>
    public string? Find(Guid id) => PathsOf(id).FirstOrDefault(File.Exists);

    /// <summary>Sizes of an image, which is whole and leads nowhere.</summary>
    public static async Task<QemuImageInfo> ReadAsync(string image, CancellationToken ct) => image.EndsWith(Iso, StringComparison.Ordinal)
        ? new QemuImageInfo(new FileInfo(image).Length, new FileInfo(image).Length, null)
        : new QemuImageInfo((await Qcow2Header.ReadAsync(image, ct)).VirtualSizeBytes, AllocatedSpace.Of(image), null);

    /// <summary>The ids that files of a folder are named by.</summary>
    public static IEnumerable<Guid> Named(string folder, string suffix) => Directory.EnumerateFiles(folder, "*" + suffix)
        .Select(file => Guid.TryParse(System.IO.Path.GetFileNameWithoutExtension(file), out var id) ? id : Guid.Empty)
        .Where(id => id != Guid.Empty);
}
