using System.Globalization;
using System.Text.Json.Nodes;

namespace Stratiform.Linux;

/// <summary>What qemu-img tells of an image.</summary>
/// <param name="VirtualSizeBytes">Size that a guest sees.</param>
/// <param name="ActualSizeBytes">Bytes in use on the disk.</param>
/// <param name="BackingFile">The image it is a clone of, as written in it; null for none.</param>
public sealed record QemuImageInfo(long VirtualSizeBytes, long ActualSizeBytes, string? BackingFile);

/// <summary>Makes and measures qcow2 images. The format is always named: probing would let a guest's first bytes decide it.</summary>
public static class QemuImg
{
    private const string Program = "qemu-img";

    /// <summary>Looks at an image, also one that a guest has open.</summary>
    public static async Task<QemuImageInfo> ReadAsync(string path, CancellationToken ct)
    {
        var text = await Shell.RunAsync(Program, ["info", "--force-share", "-f", "qcow2", "--output=json", path], ct: ct);
        var info = JsonNode.Parse(text)!;
        return new QemuImageInfo((long)info["virtual-size"]!, (long)info["actual-size"]!, (string?)info["backing-filename"]);
    }

    /// <summary>Makes an image; with a backing file, which is relative to the new one, a linked clone of it.</summary>
    public static Task CreateAsync(string path, long sizeBytes, string? backingFile, CancellationToken ct)
    {
        string[] origin = backingFile is null ? [] : ["-b", backingFile, "-F", "qcow2"];
        return Shell.RunAsync(Program, ["create", "-q", "-f", "qcow2", .. origin, path, Number(sizeBytes)], ct: ct);
    }

    /// <summary>Grows an image that nobody has open.</summary>
    public static Task GrowAsync(string path, long sizeBytes, CancellationToken ct) =>
        Shell.RunAsync(Program, ["resize", "-q", "-f", "qcow2", path, Number(sizeBytes)], ct: ct);

    /// <summary>Makes an image of one that nobody writes and of what it is a clone of, so that it needs neither.</summary>
    /// <param name="from">The image.</param>
    /// <param name="to">The new image; overwritten.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ShellException">It cannot be made; the message is qemu-img's reason alone.</exception>
    public static async Task FlattenAsync(string from, string to, CancellationToken ct)
    {
        var ended = await Shell.TryRunAsync(Program, ["convert", "-q", "-f", "qcow2", "-O", "qcow2", from, to], TimeSpan.FromHours(6), ct);
        if (ended.ExitCode != 0) throw new ShellException(ReasonIn(ended.Errors));
    }

    /// <summary>
    /// Makes a qcow2 image of one of another format that is not trusted: as nobody, who sees the two files and no others, with bounded
    /// memory and size.
    /// </summary>
    /// <param name="from">The image.</param>
    /// <param name="driver">Its format, as QEMU names it.</param>
    /// <param name="to">The new image; overwritten.</param>
    /// <param name="maxBytes">Limit of its size on the disk.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="ShellException">It cannot be converted; the message is qemu-img's reason alone.</exception>
    public static async Task ConvertAsync(string from, string driver, string to, long maxBytes, CancellationToken ct)
    {
        const string script = """
            from=$1 to=$2
            shift 2
            echo 1000 >/proc/self/oom_score_adj
            exec 3<"$from" 4<>"$to"
            chown 65534:65534 "$from" "$to"
            /usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"
            result=$?
            chown 0:0 "$from" "$to"
            exit $result
            """;
        var backing = driver == "vmdk" ? ""","backing":null""" : "";
        var source = $$$"""json:{"driver":"{{{driver}}}"{{{backing}}},"file":{"driver":"file","filename":"/dev/fd/3"}}""";
        await File.WriteAllBytesAsync(to, [], ct);
        string[] limits = ["prlimit", "--fsize=" + Number(maxBytes), "--as=" + Number(4L << 30)];
        string[] convert = [Program, "convert", "-q", "-O", "qcow2", source, "/dev/fd/4"];
        var ended = await Shell.TryRunAsync("sh", ["-c", script, "sh", from, to, .. limits, .. convert], TimeSpan.FromMinutes(25), ct);
        if (ended.ExitCode != 0) throw new ShellException(ReasonIn(ended.Errors));
    }

    // Tenants read it: what the file is called here, and how, is not for them. "qemu-img: Could not open 'FILE': REASON"
    private static string ReasonIn(string errors)
    {
        var line = errors.Split('\n')[0];
        var reason = line[(line.LastIndexOf("': ", StringComparison.Ordinal) is var at and >= 0 ? at + 3 : 0)..];
        return reason.Length == 0 || reason.Contains("/dev/fd", StringComparison.Ordinal) ? "qemu-img cannot read it" : reason;
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
